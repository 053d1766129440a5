"""Signs people in, in two steps: the password alone gives access only to the page of the second factor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db.models import OuterRef, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as remember_second_factor
from django_otp.models import Device as SecondFactor

from counsellors import audit
from counsellors.models import Device, PasskeyDemand, Person, Role, Session
from counsellors.models.factors import KINDS
from counsellors.signin import demands, entry_links, locks, sessions, sites
from helpline.lib import clock
from helpline.lib.string_agg import joined, split

SECOND_STEP_TTL = timedelta(minutes=10)
_KINDS: tuple[Any, ...] = KINDS
_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def open_second_step(request: HttpRequest, person: Person) -> None:
    """Begins the second step of signing in, after the right password. Ends any earlier session of this
    browser; nobody is signed in yet."""
    request.session.flush()
    request.session[sessions.HALF] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),  # a new password ends this step too
        "until": (clock.now() + SECOND_STEP_TTL).isoformat(),
    }
    request.session.set_expiry(SECOND_STEP_TTL)


def half_signed_in(request: HttpRequest) -> Person | None:
    """Returns the person who gave the right password in this session within the last ten minutes, or None."""
    half = request.session.get(sessions.HALF)
    if half is None or clock.now() > datetime.fromisoformat(half["until"]):
        return None
    person = Person.objects.filter(pk=half["person"], is_active=True).first()
    if person is None or not constant_time_compare(half["hash"], person.get_session_auth_hash()):
        return None
    return person


def sign_in(request: HttpRequest, person: Person, second_factor: SecondFactor) -> None:
    """Starts a new session with a new id, so that an id planted before the sign-in is worthless (session
    fixation).

    If the same person was signed in here before, the new session keeps the device that was authenticated in
    this browser.
    """
    held = sessions.proven_device(request.session.session_key)
    request.session.flush()
    auth.login(request, person)
    # For a known browser, only its own count of wrong guesses is cleared. The count of all other browsers
    # stays.
    locks.of_passwords(request, person.username).forget()
    remember_second_factor(request, second_factor)
    request.session[sessions.OWES] = demands.owed(person, second_factor.persistent_id)
    request.session.set_expiry(settings.SIGNED_IN)  # a fixed end: saving the session later does not extend it
    if held is not None and held.person_id == person.pk:
        request.session.save()
        sessions.note_proven(request.session.session_key or "", held)
    entry_links.use_up(person, now=clock.now())  # who finds the link later must not choose another password
    audit.record(person, "sign_in")


def sign_out(request: HttpRequest) -> None:
    if isinstance(request.user, Person):
        audit.record(request.user, "signed_out")
    if request.session.session_key:
        sessions.end(request.session.session_key)
    auth.logout(request)


def signed_in(request: HttpRequest) -> Person | None:
    """Returns the person of this request, if both factors were given and the second one is of the kind that
    their roles demand."""
    person = by_both_factors(request)
    return person if person and not held_back(request, person) else None


def by_both_factors(request: HttpRequest) -> Person | None:
    """Returns the person of this request if both factors were given, even if they have to add a passkey
    first. Only the pages on which people add a passkey may rely on it."""
    person = request.user
    factor = getattr(person, "otp_device", None)
    # One that a colleague is replacing is not confirmed: its session may have begun a moment earlier.
    if isinstance(person, Person) and factor is not None and factor.confirmed:
        return person
    return None


def held_back(request: HttpRequest, person: Person) -> bool:
    """Returns whether the person has to add a passkey, or to sign in with one, before anything else in this
    session."""
    owed = request.session.get(sessions.OWES, [])
    return bool(owed) and demands.holds_back(person, owed, demands.demanded())


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Represents a session in which both factors were given. `devices` maps device ids to states, without
    revoked devices."""

    person: Person
    session: Session
    devices: dict[str, str]


def person_of_session(token: str | None) -> Person | None:
    """Returns the active person who signed in with both factors, or None."""
    found = all_signed_in([token]).get(token) if token else None
    return found.person if found else None


def all_signed_in(tokens: Collection[str], **also: Combinable) -> dict[str, SignedIn]:
    """Returns the sessions of those tokens in which both factors are still valid; `also` adds annotations to
    the session's row.

    Each call queries the database, once for all tokens, and nothing is cached. Therefore signing out, a new
    password, a deactivation and a lost second factor take effect immediately. The rules are those of Django's
    `get_user`. A session that began with a code although a passkey was demanded is left out.
    """
    rows = sessions.living(tokens, **_facts_of_the_person(), **also)
    return {token: found for token, row in rows.items() if (found := _signed_in(row)) is not None}


def _facts_of_the_person() -> dict[str, Combinable]:
    own = OuterRef("person")
    devices = Device.objects.filter(person=own).exclude(state=Device.State.REVOKED)
    facts: dict[str, Combinable] = {
        "roles": joined(Role.objects.filter(person=own), "name"),
        "devices": joined(devices, Concat("pk", Value(":"), "state")),
        "demanded": joined(PasskeyDemand.objects.all(), "role"),
    }
    for number, kind in enumerate(_KINDS):
        facts[f"factors_{number}"] = joined(kind.objects.filter(user=own, confirmed=True), "pk")
    return facts


def _signed_in(row: Any) -> SignedIn | None:
    person, facts = row.person, row.get_decoded()
    if person is None or not person.is_active or facts.get(auth.SESSION_KEY) != str(person.pk):
        return None
    person.roles_read = sorted(split(row.roles))
    factors = {
        f"{kind.model_label()}/{pk}"
        for number, kind in enumerate(_KINDS)
        for pk in split(getattr(row, f"factors_{number}"))
    }
    demanded = split(row.demanded) if sites.possible() else []
    if not _is_theirs(person, facts, factors) or demands.holds_back(
        person, facts.get(sessions.OWES, []), demanded
    ):
        return None
    devices = dict(pair.split(":") for pair in split(row.devices))
    return SignedIn(person, row, devices)


def _is_theirs(person: Person, facts: dict[str, Any], factors: Collection[str]) -> bool:
    return (
        facts.get(auth.BACKEND_SESSION_KEY) == _BACKEND
        and constant_time_compare(facts.get(auth.HASH_SESSION_KEY, ""), person.get_session_auth_hash())
        and facts.get(DEVICE_ID_SESSION_KEY, "") in factors
    )
