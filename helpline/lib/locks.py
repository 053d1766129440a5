"""Waiting for a row that somebody else holds, but not for ever."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable


class Held(Exception):
    """Somebody else holds the row for longer than we wait."""


LONGEST = "500ms"


@contextmanager
def impatient() -> Iterator[None]:
    """A transaction, or a savepoint in one, that raises Held instead of waiting for a lock for longer."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Held from error
        raise
