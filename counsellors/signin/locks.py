"""How wrong passwords and codes lock a name, in place of django-axes' own handler and django-otp's throttle.

Those store the user agent, the form and the address of whoever fails, or lock everybody alike. These keep a
keyed hash, a number and a time. A browser that the person signed in with before has a count of its own
(known_browsers.py), and everybody else shares one: who guesses at a counsellor's name slows nobody but other
strangers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.models import AccessAttempt
from django.db.models import F, Max, Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from prometheus_client import Counter

from counsellors import audit
from counsellors.models import Person
from counsellors.signin import known_browsers
from helpline.lib import clock


@dataclass(frozen=True, slots=True)
class Limit:
    """`wrong` ones lock for `first`, each further one for twice as long, up to `longest`."""

    of: str
    wrong: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta


PASSWORDS = Limit("password", 5, timedelta(seconds=15), timedelta(minutes=5), timedelta(hours=1))
# Who guesses a code has the password: an hour each, or a night would hold enough tries.
CODES = Limit("code", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
RECOVERY_CODES = Limit("recovery code", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
PASSKEYS = Limit("passkey", 1, timedelta(seconds=1), timedelta(hours=1), timedelta(days=1))
_LONGEST_KEPT = timedelta(days=1)

UNKNOWN = "?"  # begins the key of a name that nobody has
MOST_UNKNOWN = 2000
UNKNOWN_NAMES = Counter("helpline_unknown_names", "Refused sign-ins under names that nobody has")


@dataclass(frozen=True, slots=True)
class Guesses:
    """The wrong ones at one name: of one known browser, or of everybody else together."""

    limit: Limit
    key: str

    def lock(self) -> timedelta:
        """How long further ones are still refused; zero when they are not."""
        wrong, last = self.so_far()
        if wrong < self.limit.wrong:
            return timedelta(0)
        doublings = min(wrong - self.limit.wrong, 20)
        wait = min(self.limit.first * (1 << doublings), self.limit.longest)
        return max(last + wait - clock.now(), timedelta(0))

    def count(self) -> None:
        """One more."""
        now = clock.now()
        AccessAttempt.objects.filter(attempt_time__lt=now - _LONGEST_KEPT).delete()
        rows = AccessAttempt.objects.filter(username=self.key)
        rows.filter(attempt_time__lt=now - self.limit.forgotten).delete()
        # Two first guesses at once may make two rows: so_far adds them up.
        row = rows.order_by("pk").first()
        if row is None:
            self._count_first(now)
        else:
            AccessAttempt.objects.filter(pk=row.pk).update(
                failures_since_start=F("failures_since_start") + 1, attempt_time=now
            )

    def _count_first(self, now: datetime) -> None:
        """However many names are made up, they share so many rows: the oldest gives way."""
        unknown = AccessAttempt.objects.filter(username__startswith=UNKNOWN)
        if self.key.startswith(UNKNOWN) and unknown.count() >= MOST_UNKNOWN:
            oldest = unknown.order_by("attempt_time", "pk").values_list("pk", flat=True)[0]
            AccessAttempt.objects.filter(pk=oldest).update(
                username=self.key, failures_since_start=1, attempt_time=now
            )
        else:
            AccessAttempt.objects.create(username=self.key, failures_since_start=1)

    def forget(self) -> None:
        AccessAttempt.objects.filter(username=self.key).delete()

    def so_far(self) -> tuple[int, datetime]:
        since = clock.now() - self.limit.forgotten
        rows = AccessAttempt.objects.filter(username=self.key, attempt_time__gte=since)
        found = rows.aggregate(wrong=Sum("failures_since_start"), last=Max("attempt_time"))
        return found["wrong"] or 0, found["last"] or clock.now()


def guesses(limit: Limit, name: str, browser: str = "") -> Guesses:
    """Under a keyed hash: some type their password where the name belongs."""
    key = salted_hmac(f"guesses {limit.of}", f"{browser} {name}", algorithm="sha256").hexdigest()
    return Guesses(limit, key)


def of_passwords(request: HttpRequest | None, name: str) -> Guesses:
    """Those that count for who types this name in this browser."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        nobody = guesses(PASSWORDS, name)
        return replace(nobody, key=UNKNOWN + nobody.key)
    return guesses(PASSWORDS, name, known_browsers.number(request, person) if request else "")


class ByName(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]
    """django-axes' AXES_HANDLER."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return of_passwords(request, (credentials or {}).get("username", "")).so_far()[0]

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(of_passwords(request, (credentials or {}).get("username", "")).lock())

    def user_login_failed(
        self, _sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any
    ) -> None:
        """Counted, unless it is locked already: guessing on does not lengthen the lock."""
        name = credentials.get("username", "")
        wrong = of_passwords(request, name)
        known = Person.objects.filter(username=name).first()
        if known is None:
            UNKNOWN_NAMES.inc()
        if not wrong.lock():
            wrong.count()
            if known is not None:
                detail = "locked" if wrong.lock() else "wrong"
                audit.record(None, "sign_in_refused", subject=known.handle, detail=detail)
        if request is not None:
            request.axes_locked_out = bool(wrong.lock())

    def user_logged_in(self, _sender: Any, request: Any, user: Person, **_: Any) -> None:
        """In a known browser nobody else's guesses are forgotten: who guesses on would begin anew."""
        of_passwords(request, user.get_username()).forget()

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        pass

    def post_save_access_attempt(self, *_: Any, **__: Any) -> None:
        pass

    def post_delete_access_attempt(self, *_: Any, **__: Any) -> None:
        pass
