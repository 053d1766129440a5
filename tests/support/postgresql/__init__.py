"""Django's backend of PostgreSQL for unit tests whose rows are committed."""
