"""Configures the logs: one JSON line per event, with allowed keys only, so that no address, frame, text or
token is logged."""

import json
import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    (
        "event",
        "level",
        "timestamp",
        "error",
        "where",
        "code",
        "count",
        "seconds",
        "line",
        "state",
        "pid",
        "step",
    )
)


def drop_unlisted(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every key that is not on the list, so that nothing else is logged until somebody adds its key."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def where(error: BaseException) -> str:
    """Returns the file and line of the innermost frame, but not the message, which may quote a value."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"


class Faceless(logging.Formatter):
    """Reduces log records of libraries to the logger's name, the level, and the kind and place of the error,
    because their messages may hold an address."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        place = where(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""
        row = {"event": record.name, "level": record.levelname.lower(), "error": kind, "where": place}
        return json.dumps(row)


def configure(_settings: dict[str, Any]) -> None:
    """Configures the logs. Django calls it as LOGGING_CONFIG."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Faceless())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Daphne and autobahn write the client's address into warnings. psycopg's pool warns at each retry;
    # helpline/lib/stores.py logs the same once a minute.
    for name in ("daphne", "autobahn", "twisted", "asyncio", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_unlisted,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
