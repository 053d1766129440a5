"""The head of a staff page: where its reader may go from there."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from counsellors import permissions
from counsellors.models import Person

# What somebody must be allowed to do, the page's name or address, its text, its icon.
_PLACES = (
    ("console", "console", "console.title", "headset"),
    ("desk", "desk", "desk.title", "headset"),
    ("board", "board", "board.title", "layout-dashboard"),
    ("ownrota", "rota", "rota.title", "calendar-days"),
    ("people", "people", "people.title", "users"),
    ("admin", "admin:index", "admin.open", "shield"),
)


class Place(NamedTuple):
    """A page that somebody may open: its address, its name, its icon, whether it is the one that is open."""

    url: str
    name: str
    icon: str
    is_here: bool


def places(request: HttpRequest, me: Person) -> list[Place]:
    """Returns the pages that this person may open, in one order everywhere.

    The page of an optional app that is not installed has no address, and is left out.
    """
    found = []
    for action, name, text, icon in _PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if permissions.may(me, action):
            found.append(Place(url, gettext(text), icon, request.path.startswith(url)))
    return found
