"""Determines how many connections this host lets the process open, and divides them."""

import contextlib
import resource
from dataclasses import dataclass

from django.conf import settings

DEFAULT_MAX_SOCKETS = 20_000  # used if HELPLINE_SOCKETS is not set: one core serves no more
OTHER_FILES = 100  # kept free for files, the database, Redis and mail


@dataclass(frozen=True)
class Places:
    """Holds how the connections of a process are divided. `sockets` limits WebSockets, of which `kept` are
    reserved for staff and guests; `pages` limits connections for ordinary HTTP requests."""

    sockets: int
    kept: int
    pages: int


def raise_limit() -> int:
    """Raises the limit of open files as far as allowed, and returns it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(settings.SOCKETS, DEFAULT_MAX_SOCKETS) + settings.PAGE_CONNECTIONS + OTHER_FILES
    aim = wanted if hard == resource.RLIM_INFINITY else hard
    if soft not in (aim, resource.RLIM_INFINITY):
        with contextlib.suppress(ValueError, OSError):  # the system may allow less than its hard limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (aim, hard))
            soft = aim
    return wanted if soft == resource.RLIM_INFINITY else soft


def divide(files: int) -> Places:
    """Divides the files that the process may open."""
    pages = min(settings.PAGE_CONNECTIONS, files // 4)
    sockets = max(min(settings.SOCKETS or DEFAULT_MAX_SOCKETS, files - pages - OTHER_FILES), 1)
    return Places(sockets, min(settings.STAFF_SOCKETS, sockets // 2), pages)


def complaint(files: int) -> str:
    """Returns an error message for an operator who configured more sockets than this host allows; otherwise
    ""."""
    possible = divide(files).sockets
    if possible >= settings.SOCKETS:
        return ""
    needed = settings.SOCKETS + settings.PAGE_CONNECTIONS + OTHER_FILES
    return (
        f"HELPLINE_SOCKETS is {settings.SOCKETS}, but this host lets the process open {files} files: "
        f"{possible} sockets are served. Raise the hard limit (ulimit -Hn, LimitNOFILE) to {needed}."
    )
