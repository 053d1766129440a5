"""Browsers in which a person gave both factors before: what others guess does not lock these out.

Each person has a cookie of their own, under the sign-in path alone: its name is a keyed hash, its value a
random number, signed for this person and this password. It opens nothing: it tells whose wrong guesses count
apart. The number itself bears the server's mark, so that such a browser needs not wait for strangers
(helpline/turns.py), which is known before anybody's row is read.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from counsellors.models import Person
from helpline.lib import encoding, signed_links

KNOWN_FOR = timedelta(days=180)
PURPOSE = "known browser"
_BEGINS = "known-"


def remember(response: HttpResponse, person: Person) -> None:
    """Both factors were right in this browser. A copy of its earlier cookie counts apart from now on."""
    response.set_signed_cookie(
        _name(person),
        signed_links.token(PURPOSE, encoding.new_id()),
        salt=_salt(person),
        max_age=KNOWN_FOR,
        path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def number(request: HttpRequest, person: Person) -> str:
    """The random number of a browser that this person signed in with, or an empty one."""
    found = request.get_signed_cookie(_name(person), "", salt=_salt(person), max_age=KNOWN_FOR)
    return found or ""


def mark(cookies: Mapping[str, str]) -> str:
    """The number of a browser in which somebody signed in before, whoever it was; empty in any other."""
    numbers = (value.partition(":")[0] for name, value in cookies.items() if name.startswith(_BEGINS))
    return next((number for number in numbers if signed_links.is_ours(PURPOSE, number)), "")


def _name(person: Person) -> str:
    return f"{_BEGINS}{salted_hmac('known browser', person.handle, algorithm='sha256').hexdigest()[:16]}"


def _salt(person: Person) -> str:
    """A new password ends it."""
    return f"{person.handle} {person.get_session_auth_hash()}"
