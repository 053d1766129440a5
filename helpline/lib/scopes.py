"""Declares scopes: each request, page and admin class must declare whose data it uses, or no process starts.

A scope is PUBLIC, OWN or ALL, or the name of a field or of a part of the URL. If a check is registered here
for the scope, the check runs before the handler or view that declared the scope.
"""

from collections.abc import Callable, Iterable
from typing import Any

PUBLIC = "public"  # anybody may read or send it; private data is shown only to somebody with the right secret
OWN = "own"  # only data of the person who asks, or of their lines and services, is used
ALL = "all"  # data of every line is used: by administrators, or in a change that needs a second supervisor
GENERAL = (PUBLIC, OWN, ALL)

# Fields and parts of URLs that identify data which people of another line must not see.
NAMING = frozenset(
    {
        "line",
        "conversation",
        "person",
        "device",
        "shift",
        "service",
        "invitation",
        "hold",
        "reading",
        "approval",
    }
)

type Check = Callable[[Any, str], object]

_checks: dict[str, Check] = {}


class NotDeclared(TypeError):
    """A request, page or admin class declares no valid scope although it may use the data of one line."""


def checks[Checking: Callable[..., object]](scope: str) -> Callable[[Checking], Checking]:
    """Registers the decorated function as this scope's check, which raises NotFound for data of another
    line."""

    def declare(check: Checking) -> Checking:
        _checks[scope] = check
        return check

    return declare


def has_check(scope: str) -> bool:
    """Returns whether a check of this scope runs before the handler. The domain function makes its own check
    in any case."""
    return scope in _checks


def require_own(scope: str, person: Any, named: str) -> None:
    """Raises NotFound if the named object belongs to another line. Does nothing if no check is registered for
    this scope; then only the domain function checks."""
    if has_check(scope):
        _checks[scope](person, named)


def public[View: Callable[..., Any]](view: View) -> View:
    """Declares a page that anybody may open. It shows private data only to somebody whose URL or form
    contains the right secret."""
    view.scope = PUBLIC  # type: ignore[attr-defined]
    return view


def of_request(name: str, fields: Iterable[str], scope: str | None) -> str | None:
    """Returns the declared scope. Raises NotDeclared if a field is in NAMING and no scope is declared, or if
    the scope is neither PUBLIC, OWN or ALL nor the name of one of the request's fields."""
    named = [field for field in fields if field in NAMING]
    if scope is None and named:
        raise NotDeclared(
            f"`{name}` names a {named[0]} and declares no scope: say scope=PUBLIC, OWN or ALL, or the field"
            f' that other lines must not learn of, as scope="{named[0]}".'
        )
    if scope is not None and scope not in (*GENERAL, *fields):
        raise NotDeclared(f"`{name}` declares the scope {scope!r}, which is none of its fields.")
    return scope


def require_declared(patterns: Iterable[Any], before: str = "/") -> None:
    """Checks, at the start of a process, that every URL has a scope. Raises NotDeclared, which says what to
    declare."""
    for one in patterns:
        route = f"{before}{one.pattern}"
        if hasattr(one, "url_patterns"):
            require_declared(one.url_patterns, route)
        else:
            _require_of_page(route, one)


def _require_of_page(route: str, one: Any) -> None:
    of_admin = getattr(one.callback, "model_admin", None) or getattr(one.callback, "admin_site", None)
    scope = getattr(of_admin or one.callback, "scope", None)
    if scope is None and of_admin:
        what = type(of_admin).__name__
        raise NotDeclared(
            f"{route}: {what} declares no scope: write `scope = ALL`, of every line, in its class."
        )
    parts = [part for part in one.pattern.converters if part in NAMING]
    if scope is None or (scope in {OWN, ALL} and parts) or scope not in (*GENERAL, *parts):
        what = f'@touches("{parts[0]}")' if parts else "@touches(OWN) or @touches(ALL)"
        raise NotDeclared(
            f"{route}: the page declares no scope that fits: write {what} right above the view,"
            " or @public where it is for anybody."
        )
