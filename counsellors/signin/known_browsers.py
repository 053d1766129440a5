"""Recognises browsers in which a person gave both factors before. Wrong guesses in other browsers do not lock
the person out of these known browsers.

Each person has their own cookie, for the sign-in path only. Its name is a keyed hash; its value is a number,
signed for this person and this password. The cookie grants no access: it only gives this browser its own
count of wrong guesses. The server checks the signature before it reads any row, so that a known browser does
not wait behind the sign-ins of strangers (helpline/page_limits.py). The number contains the day on which it
was made, so somebody who left can use it for at most KNOWN_FOR. The number is valid only under the person's
cookie name. This name is the same in all of the person's browsers, so that they share one limit of
simultaneous requests.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from counsellors.models import Person
from helpline.lib import clock, encoding, server_secret, signed_links

KNOWN_FOR = timedelta(days=180)
DAY_BYTES = 3
_BEGINS = "known-"


def remember(response: HttpResponse, person: Person) -> None:
    """Sets a new cookie after both factors were right. From now on, guesses with a copy of the earlier cookie
    are counted separately."""
    name = _names(person)[0]
    response.set_signed_cookie(
        name,
        new_mark(name),
        salt=_salt(person),
        max_age=KNOWN_FOR,
        path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def number(request: HttpRequest, person: Person) -> str:
    """Returns the number of a browser that this person signed in with, or ""."""
    found = (
        request.get_signed_cookie(name, "", salt=_salt(person), max_age=KNOWN_FOR) for name in _names(person)
    )
    return next(filter(None, found), "")


def new_mark(name: str) -> str:
    """Returns a new signed number for the cookie of this name. The number contains today's date."""
    today = clock.now().toordinal().to_bytes(DAY_BYTES)
    made = today + secrets.token_bytes(signed_links.NAME_BYTES - DAY_BYTES)
    return signed_links.token(_purpose(name), encoding.encode(made))


def marks(cookies: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the signed number and the name of a known browser's cookie; () for an unknown browser. All
    copies of the cookie have the same number, and all cookies of the person have the same name."""
    for name, value in cookies.items():
        mark = value.partition(":")[0]
        if name.startswith(_BEGINS) and signed_links.is_ours(_purpose(name), mark) and not _is_old(mark):
            return mark, name
    return ()


def _purpose(name: str) -> str:
    return f"known browser {name}"


def _is_old(mark: str) -> bool:
    day = int.from_bytes(encoding.decode(mark)[:DAY_BYTES])
    return clock.now().toordinal() - day > KNOWN_FOR.days


def _names(person: Person) -> list[str]:
    """Returns the name of the person's cookies under each accepted secret, beginning with the secret in
    use."""
    marks = server_secret.marks(f"helpline known browser {person.handle}")
    return [f"{_BEGINS}{mark.hex()[:16]}" for mark in marks]


def _salt(person: Person) -> str:
    """Returns a salt that changes with the password."""
    return f"{person.handle} {person.get_session_auth_hash()}"
