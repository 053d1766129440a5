"""Lists the links in the header of a staff page."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from counsellors import permissions
from counsellors.models import Person

# Each row has the action that must be allowed, the URL's name, the key of the text, and the icon.
_PLACES = (
    ("console", "console", "console.title", "headset"),
    ("desk", "desk", "desk.title", "headset"),
    ("board", "board", "board.title", "layout-dashboard"),
    ("ownrota", "rota", "rota.title", "calendar-days"),
    ("people", "people", "people.title", "users"),
    ("admin", "admin:index", "admin.open", "shield"),
)


class Place(NamedTuple):
    """Describes a page that somebody may open. `is_here` says whether it is the page that is open."""

    url: str
    name: str
    icon: str
    is_here: bool


def places(request: HttpRequest, me: Person) -> list[Place]:
    """Returns the pages that this person may open, in the same order on every page.

    The page of an optional app that is not installed has no URL, and is left out.
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
