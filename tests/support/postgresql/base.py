"""Empties the tables after a test by DELETE.

TRUNCATE gives each of some seventy tables a new file and costs a third of a second, whatever they hold; a
test leaves a few rows in a few of them.
"""

from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Is Django's class with another way to empty tables."""

    def sql_flush(self, style: Any, tables: Any, **_options: bool) -> list[str]:
        """Returns a DELETE for each table. Foreign keys are checked at the end of the transaction around
        them."""
        return [f"{style.SQL_KEYWORD('DELETE FROM')} {self.quote_name(table)};" for table in tables]


class DatabaseWrapper(base.DatabaseWrapper):
    """Is Django's class with these operations."""

    ops_class = DatabaseOperations
