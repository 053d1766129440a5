"""Signing in, in two steps: a password opens nothing but the page of the second factor."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as remember_second_factor
from django_otp.models import Device as SecondFactor

from counsellors import audit
from counsellors.models import Person, Session
from counsellors.signin import demands, sessions
from counsellors.signin.factors import KINDS
from helpline.lib import clock

HALF_LASTS = timedelta(minutes=10)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def no_address(_request: HttpRequest) -> None:
    """axes asks for the client's address: we have none."""


def open_second_step(request: HttpRequest, person: Person) -> None:
    """The password was right. Whatever the session was before ends here; nobody is signed in yet."""
    request.session.flush()
    request.session[sessions.HALF] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),  # a new password ends this step too
        "until": (clock.now() + HALF_LASTS).isoformat(),
    }
    request.session.set_expiry(HALF_LASTS)


def half_signed_in(request: HttpRequest) -> Person | None:
    """Who gave the right password in this session within the last minutes, or None."""
    half = request.session.get(sessions.HALF)
    if half is None or clock.now() > datetime.fromisoformat(half["until"]):
        return None
    person = Person.objects.filter(pk=half["person"], is_active=True).first()
    if person is None or not constant_time_compare(half["hash"], person.get_session_auth_hash()):
        return None
    return person


def sign_in(request: HttpRequest, person: Person, second_factor: SecondFactor) -> None:
    """A new session with a new id, so that one planted before the sign-in is worth nothing after it.

    Who was signed in here already keeps what this browser proved.
    """
    held = sessions.proven_device(request.session.session_key)
    request.session.flush()
    auth.login(request, person, backend=_BACKEND)
    remember_second_factor(request, second_factor)
    request.session.set_expiry(settings.SIGNED_IN)  # kept as a date: a later save does not move it
    if held is not None and held.person_id == person.pk:
        request.session.save()
        sessions.note_proven(request.session.session_key or "", held)
    audit.record(person, "sign_in")


def sign_out(request: HttpRequest) -> None:
    if isinstance(request.user, Person):
        audit.record(request.user, "signed_out")
    auth.logout(request)


def signed_in(request: HttpRequest) -> Person | None:
    """The person of this request, if both factors were given, and the second is what their roles demand."""
    person = by_both_factors(request)
    return person if person and not held_back(person) else None


def by_both_factors(request: HttpRequest) -> Person | None:
    """The same, also of who has to add a passkey first: for the page where they do, and no other."""
    person = request.user
    if isinstance(person, Person) and getattr(person, "otp_device", None) is not None:
        return person
    return None


def held_back(person: Person) -> bool:
    """Whether the person of a request has to add a passkey, or to sign in with one, before anything else."""
    factor = person.otp_device.persistent_id  # type: ignore[attr-defined]
    return demands.holds_back(person, factor, demands.demanded())


def person_of_session(token: str | None) -> Person | None:
    """The active person who signed in with both factors, or None."""
    return people_of(sessions.living([token])).get(token) if token else None


def people_of(running: Mapping[str, Session]) -> dict[str, Person]:
    """Those of the sessions that still are a sign-in with both factors, and whose.

    Read from the database at every call, in as many queries for one session as for hundreds: signing out, a
    new password, a deactivation, a lost second factor, and a passkey that is demanded, end it at once. The
    rules are those of `get_user`.
    """
    found = {token: row.get_decoded() for token, row in running.items()}
    ids = [facts[auth.SESSION_KEY] for facts in found.values() if auth.SESSION_KEY in facts]
    active = Person.objects.filter(pk__in=ids, is_active=True).prefetch_related("role_rows")
    people = {str(person.pk): person for person in active}
    factors, demanded = _second_factors(people.values()), demands.demanded()
    named = {token: people.get(facts.get(auth.SESSION_KEY, "")) for token, facts in found.items()}
    return {
        token: person
        for token, person in named.items()
        if person is not None
        and _is_theirs(person, found[token], factors)
        and not demands.holds_back(person, found[token][DEVICE_ID_SESSION_KEY], demanded)
    }


def _second_factors(people: Iterable[Person]) -> dict[str, int]:
    """Persistent id → person, of the confirmed ones."""
    found = (kind.objects.filter(user__in=list(people), confirmed=True) for kind in KINDS)
    return {factor.persistent_id: factor.user_id for factors in found for factor in factors}


def _is_theirs(person: Person, facts: dict[str, Any], factors: dict[str, int]) -> bool:
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return (
        facts.get(auth.BACKEND_SESSION_KEY) == _BACKEND
        and any(constant_time_compare(facts.get(auth.HASH_SESSION_KEY, ""), known) for known in hashes)
        and factors.get(facts.get(DEVICE_ID_SESSION_KEY, "")) == person.pk
    )
