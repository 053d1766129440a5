"""Locks a name after wrong passwords and codes. This replaces django-otp's throttle, which would lock out the
person as well as the attacker.

Only a keyed hash, a number and a time are stored. A browser that the person signed in with before has its own
count (known_browsers.py), and all other browsers share one. So somebody who guesses a counsellor's password
delays only other unknown browsers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from prometheus_client import Counter

from counsellors import audit
from counsellors.models import Person, WrongGuesses
from counsellors.signin import known_browsers
from helpline.lib import clock


@dataclass(frozen=True, slots=True)
class Limit:
    """Defines a limit. After `wrong` wrong guesses, a name is locked for `first`. Each further wrong guess
    doubles that time, up to `longest`. When the last wrong guess is more than `forgotten` ago, the count
    starts at zero again."""

    of: str
    wrong: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta


PASSWORDS = Limit("password", 5, timedelta(seconds=15), timedelta(minutes=5), timedelta(hours=1))
# Somebody who guesses codes already has the password. If `longest` were shorter, one night would allow many
# tries.
CODES = Limit("code", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
RECOVERY_CODES = Limit("recovery code", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
PASSKEYS = Limit("passkey", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
RETENTION = timedelta(days=1)

UNKNOWN = "?"  # first character of the key of a name that nobody has
MAX_UNKNOWN_NAMES = 2000
UNKNOWN_NAMES = Counter("helpline_unknown_names", "Refused sign-ins under names that nobody has")


@dataclass(frozen=True, slots=True)
class Guesses:
    """Counts the wrong guesses for one name, either of one known browser or of all other browsers
    together."""

    limit: Limit
    key: str

    def lock(self) -> timedelta:
        """Returns how long further guesses are still refused; zero if they are not."""
        wrong, last = self.so_far()
        if wrong < self.limit.wrong:
            return timedelta(0)
        doublings = min(wrong - self.limit.wrong, 20)
        wait = min(self.limit.first * (1 << doublings), self.limit.longest)
        return max(last + wait - clock.now(), timedelta(0))

    def count(self) -> None:
        """Counts one more wrong guess."""
        now = clock.now()
        WrongGuesses.objects.filter(last_at__lt=now - RETENTION).delete()
        rows = WrongGuesses.objects.filter(pk=self.key)
        rows.filter(last_at__lt=now - self.limit.forgotten).delete()
        if not rows.exists():
            self._make_room()
        # If two first guesses arrive at the same time, one of them makes the row, and both are counted in it.
        rows.get_or_create(pk=self.key, defaults={"wrong": 0, "last_at": now})
        rows.update(wrong=F("wrong") + 1, last_at=now)

    def _make_room(self) -> None:
        """Deletes the oldest row of an unknown name if there are too many, so that made-up names cannot fill
        the table."""
        unknown = WrongGuesses.objects.filter(pk__startswith=UNKNOWN)
        if self.key.startswith(UNKNOWN) and unknown.count() >= MAX_UNKNOWN_NAMES:
            oldest = unknown.order_by("last_at", "pk").values("pk")[:1]
            WrongGuesses.objects.filter(pk__in=oldest).delete()

    def forget(self) -> None:
        WrongGuesses.objects.filter(pk=self.key).delete()

    def so_far(self) -> tuple[int, datetime]:
        """Returns how many guesses were wrong, and when the last one was."""
        now = clock.now()
        row = WrongGuesses.objects.filter(pk=self.key, last_at__gte=now - self.limit.forgotten).first()
        return (row.wrong, row.last_at) if row else (0, now)


def guesses(limit: Limit, name: str, browser: str = "") -> Guesses:
    """Returns the count of a name. The row's key is a keyed hash, because some people type their password
    into the field for the name."""
    key = salted_hmac(f"guesses {limit.of}", f"{browser} {name}", algorithm="sha256").hexdigest()
    return Guesses(limit, key)


def forget_codes(name: str) -> None:
    """Forgets the wrong codes that were typed in browsers that are not known. It is called when a person's
    second factors are replaced: the old ones open nothing, and the lock would outlast the spoken code."""
    for limit in (CODES, RECOVERY_CODES, PASSKEYS):
        guesses(limit, name).forget()


def of_passwords(request: HttpRequest | None, name: str) -> Guesses:
    """Returns the count that applies to somebody who types this name in this browser."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        nobody = guesses(PASSWORDS, name)
        return replace(nobody, key=UNKNOWN + nobody.key)
    return guesses(PASSWORDS, name, known_browsers.number(request, person) if request else "")


class LockedByName(ModelBackend):
    """Authenticates like Django's backend, but checks no password for a name that is locked."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Person | None:
        name = username or ""
        wrong = of_passwords(request, name)
        found = None if wrong.lock() else super().authenticate(request, name, password)
        if found is not None and not wrong.lock():  # unless another guess has just locked the name
            return found
        _refuse(name, wrong, guessed=found is None)
        return None

    aauthenticate = BaseBackend.aauthenticate  # type: ignore[assignment] # ModelBackend's bypasses the above


def _refuse(name: str, wrong: Guesses, *, guessed: bool) -> None:
    """Counts and audits a wrong password, unless the name is locked already: further guesses do not lengthen
    the lock."""
    known = Person.objects.filter(username=name).first()
    if known is None:
        UNKNOWN_NAMES.inc()
    if not guessed or wrong.lock():
        return
    wrong.count()
    if known is not None:
        detail = "locked" if wrong.lock() else "wrong"
        audit.record(None, "sign_in_refused", subject=known.handle, detail=detail)
