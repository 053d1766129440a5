"""The worker's rounds: deadlines every moment, the purge every minute. A round may be killed anywhere."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session

from chat import clock_guard, deadlines, journal, purge, review_keys
from counsellors import audit

_log = structlog.get_logger()


class Rounds:
    """Remembers when the slow work was done last."""

    def __init__(self) -> None:
        self.purged_at: datetime | None = None

    def go(self, now: datetime) -> None:
        deadlines.keep(now=now)
        if self.purged_at is None or now - self.purged_at >= _purge_every():
            more = self._purge(now)
            # A long purge goes on in the next round: deadlines come in between.
            self.purged_at = None if more else now

    def _purge(self, now: datetime) -> bool:
        """One batch; whether more is due."""
        if journal.is_restored():
            return False  # restore-check comes first
        purge.end_staff_wraps(now)
        audit.forget_old(now)
        review_keys.destroy_old()
        Session.objects.filter(expire_date__lt=now).delete()
        try:
            return purge.purge(now, most_batches=1) == purge.BATCH
        except clock_guard.ClockHalted:
            _log.error("purge_halted", code="clock")  # an alarm; the helpline goes on
            return False


def pause() -> float:
    """Seconds between two rounds: short enough for the shortest lease that is set."""
    shortest = min(settings.GRANT, settings.STAFF_LEASE, settings.HERE, settings.WAITING_AWAY)
    return min(1.0, shortest.total_seconds() / 10)


def _purge_every() -> timedelta:
    return min(timedelta(minutes=1), settings.PURGE_HOUR / 10)
