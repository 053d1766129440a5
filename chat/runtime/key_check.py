"""Checks that a process may serve: it has the keys that the database names, and shares them with every other
host.

A demo is one laptop and is not checked.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError
from psycopg_pool import PoolTimeout

from chat.keys import slots
from chat.keys.slots import KeysOfBefore
from chat.retention import hosts
from chat.retention.hosts import KeysApart, KeysLost
from counsellors.certificates import roots
from counsellors.models import Scope
from helpline.lib import clock, failures
from helpline.lib.typed import as_typed_here

INTERVAL_SECONDS = 5.0  # between two looks whether it is time


class RootsLost(Exception):
    """Scopes are signed, and no file names roots that can be read: bring it back, or nobody is checked."""


REFUSALS = (KeysApart, KeysLost, KeysOfBefore, RootsLost)
_begun: list[bool] = []


def require(say: Callable[[str], object]) -> None:
    """Checks at a start. Raises CommandError with a sentence; without a database it is checked once that is
    back."""
    try:
        keep(clock.now())
    except REFUSALS as error:
        raise CommandError(in_words(error)) from None
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        why = failures.in_words(error) or "The database does not answer."
        say(f"{why} That this host shares the keys is looked at when it does.")


def _require_roots() -> None:
    """Raises RootsLost: removing the file must not turn every page into one that checks nothing.

    It runs at a start, or once the database is back. If the file goes while a process runs, nobody is let in
    (roots.py).
    """
    if roots.was_here():
        return
    file = roots.read_or_none()
    if (file is None or not file.roots) and Scope.objects.exists():
        raise RootsLost(settings.ROOTS)


def keep(now: datetime) -> None:
    _require_roots()
    if not _begun:
        slots.begin()
        _begun.append(True)
    if not settings.DEMO:
        hosts.keep(now)


def end() -> None:
    if not settings.DEMO:
        hosts.end()


def in_words(error: Exception) -> str:
    words = " ".join((error.__doc__ or "").split())
    return as_typed_here(f"{words} ({error})" if str(error) else words)
