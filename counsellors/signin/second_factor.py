"""Checks the second factor: an authenticator's six digits (RFC 6238), or one of eight recovery codes.
Passkeys are in passkeys.py.

A code works only one time, even if it is sent twice simultaneously, because the person's row is locked. After
a wrong code, every code is refused for a while; each further wrong code doubles that time. Known browsers
have their own counts, and all other browsers share one (locks.py).
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import segno
from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device as SecondFactor
from django_otp.plugins.otp_static.models import StaticToken

from counsellors import audit
from counsellors.models import Authenticator, Person, RecoveryCodes
from counsellors.signin import entry_links, locks, replacements, sessions
from helpline.lib import clock

RECOVERY_CODES = 8
_SIX_DIGITS = re.compile("[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Tried:
    """Holds the second factor that accepted the input. If none did, `why_not` is a code for the audit."""

    accepted: SecondFactor | None
    why_not: str = "wrong"


@dataclass(frozen=True, slots=True)
class Checked:
    """Holds the second factor that accepted the code, or the time for which further codes are refused."""

    accepted: SecondFactor | None
    wait: timedelta = timedelta(0)


def is_set(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, confirmed=True).exists())


def check(person: Person, typed: str, browser: str = "") -> Checked:
    """Checks six digits or a recovery code. Each code works only one time. A refusal is audited. `browser` is
    the number of a known browser, or ""."""
    code = _plain(typed)
    kind, limit = (
        (Authenticator, locks.CODES) if is_six_digits(code) else (RecoveryCodes, locks.RECOVERY_CODES)
    )
    device = kind.objects.filter(user=person, confirmed=True).first()
    return _verify(person, device, code, locks.guesses(limit, person.handle, browser))


def is_six_digits(typed: str) -> bool:
    return bool(_SIX_DIGITS.fullmatch(_plain(typed)))


def begin(person: Person) -> Authenticator:
    """Returns a new authenticator that is still to be confirmed. An authenticator that was shown earlier but
    never confirmed stops working."""
    shown_before = Authenticator.objects.filter(user=person, confirmed=False)
    shown_before.exclude(pk__in=_set_aside(person)).delete()
    return Authenticator.of(person, confirmed=False)


def was_begun(person: Person) -> bool:
    """Returns whether the person was shown an authenticator that they have not confirmed. Their app may have
    an entry for it, which `begin` makes void."""
    waiting = Authenticator.objects.filter(user=person, confirmed=False)
    return bool(waiting.exclude(pk__in=_set_aside(person)).exists())


def unconfirmed(person: Person, number: int | None) -> Authenticator | None:
    waiting = Authenticator.objects.filter(pk=number, user=person, confirmed=False)
    waiting = waiting.exclude(pk__in=_set_aside(person))
    found: Authenticator | None = waiting.first()
    return found


def _set_aside(person: Person) -> list[int]:
    """Returns the primary keys of authenticators that a colleague replaced, and that may still be put
    back."""
    kept = replacements.kept(person)
    shown = Authenticator.objects.filter(user=person, confirmed=False)
    return [one.pk for one in shown if one.persistent_id in kept]


def confirm(person: Person, device: Authenticator, code: str) -> Checked:
    """Checks the first code. If it is right, makes the authenticator the person's second factor and ends
    every session. Accepts no code if the person has set up another authenticator in the meantime."""
    wrong = locks.guesses(locks.CODES, person.handle)
    checked = _verify(person, device, re.sub(r"\s", "", code), wrong)
    if checked.accepted is None:
        return checked
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if is_set(person):
            return Checked(None)
        Authenticator.objects.filter(pk=device.pk).update(confirmed=True)
        entry_links.use_up(person, now=clock.now())
        replacements.finish(person, now=clock.now())
        sessions.end_all(person, comes_back=True)
        audit.record(person, "second_factor_set")
    return Checked(Authenticator.objects.get(pk=device.pk))


def renew(person: Person, device: Authenticator, code: str) -> Checked:
    """Checks the first code. If it is right, replaces the person's authenticator by this one and ends every
    session."""
    checked = _verify(person, device, re.sub(r"\s", "", code), locks.guesses(locks.CODES, person.handle))
    if checked.accepted is None:
        return checked
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        for old in Authenticator.objects.filter(user=person, confirmed=True):
            old.delete()
        Authenticator.objects.filter(pk=device.pk).update(confirmed=True)
        sessions.end_all(person, comes_back=True)
        audit.record(person, "second_factor_set", detail="own")
    return Checked(Authenticator.objects.get(pk=device.pk))


def new_recovery_codes(person: Person) -> list[str]:
    """Returns eight new recovery codes. The old ones no longer work."""
    with transaction.atomic():
        RecoveryCodes.objects.filter(user=person, confirmed=True).delete()
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        RecoveryCodes.of(person, codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def secret_text(device: Authenticator) -> str:
    """Returns the secret in groups of four, to be typed."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture(device: Authenticator) -> str:
    """Returns the QR code as a data: URL."""
    return segno.make(device.config_url, error="m").svg_data_uri(border=3, light="#fff")


def attempt(person: Person, wrong: locks.Guesses, try_it: Callable[[], Tried]) -> Checked:
    """Calls `try_it`, unless these guesses are locked. A wrong guess is counted, and every refusal is
    audited."""
    with transaction.atomic():
        # Simultaneous guesses wait here for each other, so each sees the lock that an earlier one caused.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        tried = Tried(None, "locked") if wrong.lock() else try_it()
        if tried.accepted is not None:
            wrong.forget()
            return Checked(tried.accepted)
        if tried.why_not != "locked":
            wrong.count()
    audit.record(None, "code_refused", subject=person.handle, detail=tried.why_not)
    return Checked(None, wrong.lock())


def _verify(person: Person, device: SecondFactor | None, code: str, wrong: locks.Guesses) -> Checked:
    def try_it() -> Tried:
        return Tried(verify_token(person, device.persistent_id, code) if device is not None else None)

    return attempt(person, wrong, try_it)


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).lower()
