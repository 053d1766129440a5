"""Checks the database itself: whether it answers, keeps every acknowledged write, and has all tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, NotSupportedError, OperationalError, connection
from psycopg.errors import QueryCanceled
from psycopg_pool import PoolTimeout

from chat.administration import before_start, upgrades
from chat.administration.findings import Finding
from chat.keys import slot_files
from chat.runtime import starting
from helpline.lib import stores
from helpline.lib.file_timeouts import in_time

AWAY = (OperationalError, InterfaceError, PoolTimeout)
UNNAMED = "DATABASE_URL is not set"
PUT_BACK = "put the backup back (docs/backup.md), or let DATABASE_URL name the database that was here"
STEP = "see docs/install.md, Setting up"
FACTS = """SELECT pg_encoding_to_char(encoding), current_setting('transaction_read_only'),
current_setting('fsync'), current_setting('synchronous_commit')
FROM pg_database WHERE datname = current_database()"""


def answers() -> Finding:
    """Checks that the database answers, and that Django supports its version."""
    if stores.is_not_made_yet():
        words = UNNAMED if is_unnamed() else f"there is none yet in {settings.VAR}"
        return Finding("database", words, start())
    if why := stores.database_trouble():
        said = why.removeprefix("FATAL:").strip()  # PostgreSQL's own error message
        words = f"refuses ({said})" if said != why else f"does not answer ({why})"
        return Finding("database", words, start())
    try:
        connection.ensure_connection()
        version = ".".join(map(str, connection.get_database_version()))
    except NotSupportedError as error:  # the message contains both versions
        return Finding("database", str(error).rstrip("."), STEP, stops=True)
    except (DatabaseError, PoolTimeout) as error:
        return Finding("database", f"does not answer ({type(error).__name__})", start())
    return Finding("database", f"{connection.display_name} {version} answers")


def keeping() -> Finding:
    """Checks that the database accepts writes, can store the text of every language, and loses no
    acknowledged write in a power cut. SQLite is not checked, because our settings open it with these
    guarantees."""
    about = "durability"
    if connection.vendor != "postgresql":
        return Finding(about, "as our settings open SQLite")
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        wrong = unfit(*cursor.fetchone())
    return Finding(about, "; ".join(wrong) or "what is acknowledged is on the disk", STEP if wrong else "")


def is_unnamed() -> bool:
    """Returns whether a server's settings name no database. Its commands then look into a SQLite file that
    nobody made, which must not read as if nothing had been set up."""
    return bool(settings.ORIGINS) and not settings.DEMO and not settings.DATABASE_URL


def start() -> str:
    """Returns advice for a database that does not answer. With SQLite, whose database is a file, there is no
    server to start."""
    if is_unnamed():
        return f"put its row back into {before_start.SETTINGS_FILE}: {before_start.SEE_SETTINGS}"
    if not settings.DATABASE_URL:
        return "begin with `helpline setup`; if there was a helpline here, HELPLINE_VAR names another folder"
    advice = "start it (`systemctl start postgresql`), or mend DATABASE_URL: docs/alerts.md, DatabaseAway"
    return f"{advice}; if nothing is set up yet, `helpline setup`"


def has_keys_or_journal() -> bool:
    """Returns whether this machine has keys or a journal of a helpline. If the database is empty, that
    helpline's backup has to be put back, and nothing has to be set up. Raises TimeoutError (an OSError),
    within seconds, if a folder does not answer."""

    def look() -> bool:
        journal = Path(settings.JOURNAL)
        return (journal.is_file() and journal.stat().st_size > 0) or any(
            next(Path(folder).glob(f"*{slot_files.ENDING}"), None) for folder in settings.KEY_FOLDERS
        )

    return in_time(look)


def tables() -> Finding:
    """Checks that the database has every table of this release. A database without any table means that this
    installation was never set up."""
    if not upgrades.has_release():
        if is_unnamed():
            return Finding("tables", f"{UNNAMED}, so there are none", start(), stops=True)
        if has_keys_or_journal():
            words = "there are none, but keys or a journal of a helpline are here"
            return Finding("tables", words, PUT_BACK, stops=True)
        words = "there are none yet, so nothing was set up in this database"
        advice = (
            "begin with `helpline setup`; if there was a helpline here, DATABASE_URL names another database"
        )
        return Finding("tables", words, advice, stops=True)
    if sentence := next(starting.missing_tables(), ""):
        words = sentence.partition(". ")[0]
        return Finding("tables", words, "run `helpline migrate`, or `helpline upgrade`", stops=True)
    return Finding("tables", "all of this release are there")


@contextmanager
def short_queries(seconds: float) -> Iterator[None]:
    """Lets PostgreSQL cancel each query of this connection that runs longer than `seconds`. `is_too_slow`
    recognises the error."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {round(seconds * 1000)}")
        try:
            yield
        finally:
            if connection.is_usable():
                cursor.execute("RESET statement_timeout")


def is_too_slow(error: Exception) -> bool:
    return isinstance(error.__cause__, QueryCanceled)


def unfit(encoding: str, read_only: str, fsync: str, commit: str) -> list[str]:
    """Returns a text for each of these PostgreSQL settings whose value is unsuitable."""
    wrong = {
        f"its encoding is {encoding}, not UTF8": encoding != "UTF8",
        "it accepts no writes: it is a standby, or somebody made it read-only": read_only == "on",
        "with fsync off, a power cut can destroy it": fsync == "off",
        "with synchronous_commit off, a power cut loses messages that were acknowledged": commit == "off",
    }
    return [words for words, is_so in wrong.items() if is_so]
