"""Holds the only table of permissions: which role may do what. Consumers and views check permissions, and
domain functions rely on these checks."""

from counsellors.models import Person, Role
from helpline.lib.errors import Forbidden

_COUNSELLOR, _SUPERVISOR = Role.Name.COUNSELLOR, Role.Name.SUPERVISOR
_PARTNER, _ADMINISTRATOR = Role.Name.PARTNER, Role.Name.ADMINISTRATOR

MAY: dict[str, frozenset[str]] = {
    "socket": frozenset({_COUNSELLOR, _SUPERVISOR, _PARTNER}),
    "next": frozenset({_COUNSELLOR}),
    "take": frozenset({_COUNSELLOR}),
    "takeover": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "note": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "flag": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "debrief": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "unserious": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "console": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "desk": frozenset({_PARTNER}),
    "board": frozenset({_SUPERVISOR}),
    "line": frozenset({_SUPERVISOR}),
    "front": frozenset({_SUPERVISOR}),
    "care": frozenset({_SUPERVISOR}),
    "handover": frozenset({_SUPERVISOR}),
    "rest": frozenset({_SUPERVISOR}),
    "seenflag": frozenset({_SUPERVISOR}),
    "seenmissed": frozenset({_SUPERVISOR}),
    "listen": frozenset({_SUPERVISOR}),
    "end": frozenset({_SUPERVISOR}),
    "hours": frozenset({_SUPERVISOR}),
    "wording": frozenset({_SUPERVISOR}),
    "sentences": frozenset({_SUPERVISOR}),
    "codes": frozenset({_SUPERVISOR}),
    "directory": frozenset({_SUPERVISOR}),
    "rota": frozenset({_SUPERVISOR}),
    "ownrota": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "count": frozenset({_COUNSELLOR, _SUPERVISOR}),
    "alerting": frozenset({_SUPERVISOR}),
    "figures": frozenset({_SUPERVISOR}),
    "devices": frozenset({_SUPERVISOR}),
    "passkeys": frozenset({_SUPERVISOR}),
    "review": frozenset({_SUPERVISOR}),
    "letters": frozenset({_SUPERVISOR}),
    "cases": frozenset({_SUPERVISOR}),
    "approvals": frozenset({_SUPERVISOR}),
    "people": frozenset({_SUPERVISOR, _ADMINISTRATOR}),
    "admin": frozenset({_ADMINISTRATOR}),
}


def may(person: Person, action: str) -> bool:
    return not MAY[action].isdisjoint(person.roles)


def require(person: Person, action: str) -> None:
    """Raises Forbidden unless one of the person's roles allows the action."""
    if not may(person, action):
        raise Forbidden


def home(person: Person) -> str:
    """Returns the URL of the first page in the list below that the person may see; `/logout/` if there is
    none."""
    for action in ("board", "desk", "console", "people"):
        if may(person, action):
            return f"/{action}/"
    return "/logout/"
