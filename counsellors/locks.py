"""How wrong passwords lock a name, in place of django-axes' own handler.

That one stores the user agent, the form and the address of whoever fails, and can lock for a fixed time
only. This one keeps a name, a number and a time. The lock grows and stays short: whoever guesses at a
counsellor's name on purpose cannot shut them out for an evening.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F, Max, Sum
from django.http import HttpRequest

from counsellors import audit
from counsellors.models import Person
from helpline.lib import clock

FIRST_LOCK = timedelta(seconds=15)
LONGEST_LOCK = timedelta(minutes=5)
FORGOTTEN = timedelta(hours=1)


def lock_of(name: str) -> timedelta:
    """How long sign-ins of this name are still refused; zero when they are not."""
    wrong, last = _wrong_guesses(name)
    if wrong < settings.AXES_FAILURE_LIMIT:
        return timedelta(0)
    doublings = min(wrong - settings.AXES_FAILURE_LIMIT, 10)
    return max(last + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK) - clock.now(), timedelta(0))


def count(name: str) -> None:
    """One more wrong password. What is older than an hour is forgotten."""
    now = clock.now()
    AccessAttempt.objects.filter(attempt_time__lt=now - FORGOTTEN).delete()
    # Two first guesses at once may make two rows: _wrong_guesses adds them up.
    row = AccessAttempt.objects.filter(username=name).order_by("pk").first()
    if row is None:
        AccessAttempt.objects.create(username=name, failures_since_start=1)
    else:
        AccessAttempt.objects.filter(pk=row.pk).update(
            failures_since_start=F("failures_since_start") + 1, attempt_time=now
        )


def _wrong_guesses(name: str) -> tuple[int, datetime]:
    rows = AccessAttempt.objects.filter(username=name, attempt_time__gte=clock.now() - FORGOTTEN)
    found = rows.aggregate(wrong=Sum("failures_since_start"), last=Max("attempt_time"))
    return found["wrong"] or 0, found["last"] or clock.now()


class ByName(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]
    """django-axes' AXES_HANDLER."""

    def get_failures(self, _request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return _wrong_guesses((credentials or {}).get("username", ""))[0]

    def is_locked(self, _request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(lock_of((credentials or {}).get("username", "")))

    def user_login_failed(
        self, _sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any
    ) -> None:
        """Counted, unless the name is locked already: guessing on does not lengthen the lock."""
        name = credentials.get("username", "")
        if not lock_of(name):
            count(name)
            known = Person.objects.filter(username=name).first()
            detail = "locked" if lock_of(name) else "wrong"
            audit.record(None, "sign_in_refused", subject=known.handle if known else "", detail=detail)
        if request is not None:
            request.axes_locked_out = bool(lock_of(name))

    def user_logged_in(self, _sender: Any, _request: Any, user: Person, **_: Any) -> None:
        AccessAttempt.objects.filter(username=user.get_username()).delete()

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        pass

    def post_save_access_attempt(self, *_: Any, **__: Any) -> None:
        pass

    def post_delete_access_attempt(self, *_: Any, **__: Any) -> None:
        pass
