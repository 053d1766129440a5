"""Checks that a process may serve: its host must have all keys that the database names, and use the same keys
as every other host.

A demo runs on one computer, so its keys are not compared with other hosts.
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

INTERVAL_SECONDS = 5.0  # time between two key checks in a running process


class RootsLost(Exception):
    """Scopes are signed, but no readable file names the roots: restore this file, since without it no
    certificate is checked."""


REFUSALS = (KeysApart, KeysLost, KeysOfBefore, RootsLost)
_begun: list[bool] = []


def require(say: Callable[[str], object]) -> None:
    """Checks a process at its start. Raises CommandError with a sentence that says what is wrong. If the
    database does not answer, only reports this through `say`; in that case the check is made when the
    database answers."""
    try:
        keep(clock.now())
    except REFUSALS as error:
        raise CommandError(in_words(error)) from None
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        why = failures.in_words(error) or "The database does not answer."
        say(f"{why} Whether this host has the same keys is checked when it does.")


def _require_roots() -> None:
    """Raises RootsLost if scopes are signed but no readable file names roots: otherwise, anyone who removes
    the file would turn off the check of every certificate.

    After this process has read the file, this check is skipped: if the file is removed later, roots.py trusts
    no root, so no certificate is valid.
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
