"""Describes failures of disk, database or Redis to the person who ran a command."""

import errno

from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg.errors import DiskFull, UndefinedTable
from psycopg_pool import PoolTimeout

from helpline.lib import stores
from helpline.lib.typed import as_typed_here

OF_A_WRITE = (errno.ENOSPC, errno.EDQUOT)
OF_THE_DISK = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, *OF_A_WRITE)
FULL = "database or disk is full"  # of SQLite
NO_TABLES = "The database has no tables of this release. Make them: `helpline migrate`."


def in_words(error: Exception) -> str:
    """Returns a sentence, or "" for an error that its traceback explains better."""
    if why := of_the_disk(error):
        if isinstance(error, OSError) and error.errno in OF_A_WRITE:
            return as_typed_here(f"{why}. Make room: `helpline check` says on which disk.")
        return f"{why}. Let the account that runs this write there."
    if FULL in str(error) or isinstance(error.__cause__, DiskFull):
        return as_typed_here("The database's disk is full. Make room: `helpline check` says on which disk.")
    if isinstance(error.__cause__, UndefinedTable) or "no such table" in str(error):
        return as_typed_here(NO_TABLES) if isinstance(error, (OperationalError, ProgrammingError)) else ""
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        return database_away(stores.database_trouble())
    return ""


def of_the_disk(error: Exception) -> str:
    """Returns the file and the reason if a file could not be read or written; "" for any other error."""
    if not isinstance(error, OSError) or error.errno not in OF_THE_DISK:
        return ""
    if error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"a file: {error.strerror}" if error.errno in OF_A_WRITE else ""  # the error names no file


def database_away(why: str) -> str:
    """Returns a sentence made from the result of stores.database_trouble. It names DATABASE_URL without its
    value, which may contain a password."""
    if why and not settings.DATABASE_URL:
        sentence = f"HELPLINE_VAR: no database can be opened in it ({why}). Begin with `helpline setup`."
        return as_typed_here(sentence)
    return (
        f"DATABASE_URL: the database does not answer ({why}). Start it, or mend the address." if why else ""
    )


def layer_away(why: str) -> str:
    return f"REDIS_URL: Redis does not answer ({why}). Start it, or mend the address." if why else ""
