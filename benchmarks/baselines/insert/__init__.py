"""Does the same as echo, and commits a row for each message before passing it on: the least that a server on
Daphne and psycopg takes for a message that is on disk."""
