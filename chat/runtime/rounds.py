"""Runs the worker's rounds: deadlines in every round, the purge every minute. The process may be killed at
any point."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from chat import one_use, outbox
from chat.care import carrying, debriefs
from chat.handoff import directory, entries
from chat.letters import alarms
from chat.retention import clock_guard, journal, key_places, line_keys, purge
from chat.runtime import deadlines, heartbeat, key_folders
from chat.supervision import (
    alert_messages,
    approval_requests,
    forgetting,
    missed,
    samples,
    staff_devices,
)
from counsellors import audit, audit_heads
from counsellors.certificates import signing
from counsellors.signin import entry_links, replacements, sessions
from helpline import optional_apps
from helpline.lib import clock

_log = structlog.get_logger()


SLOW_INTERVAL = timedelta(seconds=5)  # time between two checks for alerts and lapsed requests
TIDY_INTERVAL = timedelta(minutes=10)  # time between two deletions of data that is kept for days or years
PAUSE_SECONDS = 1.0  # pause between two rounds while somebody is there
REST_SECONDS = 4.0  # pause between two rounds while nobody is there; shorter than heartbeat.MAX_GAP


class Rounds:
    """Runs the worker's rounds. It stores when each slow task last ran, the time since which the database has
    accepted writes, whether nobody was there in the last round, and which services were open a minute ago.

    The time of each slow task is stored before it runs: if it fails, the following rounds run the others,
    and do not fail at the same place for ever.
    """

    def __init__(self) -> None:
        self.rests = False
        self.purged_at: datetime | None = None
        self.begun_at: dict[str, datetime] = {}
        self.sampled: datetime | None = None
        self.beaten_at: datetime | None = None
        self.writable_since: datetime | None = None
        self.opened: set[str] | None = None

    def go(self, now: datetime) -> None:
        is_quiet = not deadlines.somebody_is_there()
        deadlines.meet(now=now, writable_since=self._beat(now), is_quiet=is_quiet)
        if self._begins("alerts", now):
            alert_messages.watch(now=now)
        if self._begins("alarms", now):
            alarms.watch(now=now)
        if self._begins("lapsed requests", now):
            approval_requests.lapse(now)
        if samples.moment(now) != self.sampled:
            self.sampled = samples.moment(now)
            samples.take(now=now)
            if not is_quiet:
                self._tell_of_services(now)
        if self.purged_at is None or abs(now - self.purged_at) >= _purge_every():
            begun = clock.now()
            more = self._purge_or_tell(now)
            # A folder that does not answer takes seconds. They must not count as a gap each minute: no lease
            # that is longer than a minute would ever end.
            self.writable_since = heartbeat.beat(now + (clock.now() - begun))
            # A long purge continues in the next round, after the deadlines of that round.
            self.purged_at = None if more else now
            optional_apps.run("each_minute", now)
        if self._begins("optional apps", now):
            optional_apps.run("each_look", now)
        self.rests = self.purged_at is not None and is_quiet

    def pause(self) -> float:
        """Returns the seconds until the next round. The pause is longer while nobody is there, but at most a
        third of the shortest lease. So no lease can begin and end between two rounds."""
        shortest = min(settings.GRANT, settings.STAFF_LEASE, settings.HERE, settings.WAITING_AWAY)
        if self.rests:
            return min(REST_SECONDS, shortest.total_seconds() / 3)
        return min(PAUSE_SECONDS, shortest.total_seconds() / 6)

    def _begins(self, task: str, now: datetime, *, every: timedelta = SLOW_INTERVAL) -> bool:
        """Returns whether the task is due, and stores that it begins now."""
        last = self.begun_at.get(task)
        if last is not None and abs(now - last) < every:
            return False
        self.begun_at[task] = now
        return True

    def _beat(self, now: datetime) -> datetime:
        """Returns the time since which the server could write. The heartbeat is read and written at most
        every two seconds."""
        if (
            self.writable_since is None
            or self.beaten_at is None
            or abs(now - self.beaten_at) >= heartbeat.INTERVAL
        ):
            self.writable_since = heartbeat.beat(now)
            self.beaten_at = now
        return self.writable_since

    def _tell_of_services(self, now: datetime) -> None:
        """Rings if a service has opened or closed since the last look: consoles show which are open, and a
        caller must not be sent to a closed one."""
        opened = {row.service.pk for row in directory.listed(now=now) if row.open}
        if self.opened is not None and opened != self.opened:
            entries.tell()
        self.opened = opened

    def _purge_or_tell(self, now: datetime) -> bool:
        try:
            return self._purge(now)
        except OSError:  # the disk of the journal is full, or its folder is away: deadlines need neither
            _log.error("purge_halted", code="folder")
            return False

    def _purge(self, now: datetime) -> bool:
        """Deletes a batch of each kind of data that is due for deletion. Returns whether more is due. Raises
        OSError if a folder does not answer: a later call on it would have no timeout, and would keep the
        worker, with its lock, for ever."""
        key_folders.require_answers()
        if key_folders.away():
            _log.error("key_folder_away")  # this log line raises an alarm, even if no purge is due
        if journal.is_restored():
            return False  # `restore-check` has to run first
        more = False
        if not clock_guard.doubt(now):  # by a wrong clock all devices would be unused for months, and revoked
            more = purge.end_staff_wraps(now) == purge.MAX_WRAPS
            if self._begins("tidy", now, every=TIDY_INTERVAL):
                _tidy(now)
        _write_audit_head(now)
        line_keys.destroy_old()
        try:
            return purge.purge(now, most=purge.BATCH_SIZE) == purge.BATCH_SIZE or more
        except clock_guard.ClockHalted:
            _log.error("purge_halted", code="clock")  # this log line raises an alarm; the helpline continues
        except key_places.KeysInReach:
            _log.error("purge_halted", code="keys")
        except purge.FolderAway:
            _log.error("purge_halted", code="folder")
        except purge.Busy:
            _log.info("purge_busy")  # `helpline purge` is running
        return more


def _tidy(now: datetime) -> None:
    """Sums up the samples of past hours, and deletes expired data of the kinds that are kept for days or
    years. It leaves conversations and keys to the purge, which deletes them as soon as they are due."""
    samples.sum_up(now)
    audit.forget_old(now)
    samples.forget_old(now)
    missed.forget_old(now)
    carrying.forget_old(now)
    debriefs.forget_old(now)
    one_use.forget_old(now)
    staff_devices.end_unused(now=now)
    signing.forget_old(now=now)
    sessions.forget_ended(now)
    entry_links.forget_old(now)
    replacements.forget_old(now)
    forgetting.forget_old(now)


def _purge_every() -> timedelta:
    return min(timedelta(minutes=1), settings.PURGE_HOUR / 10)


@transaction.atomic
def _write_audit_head(now: datetime) -> None:
    """Writes the latest hash of the audit chain to its file each hour, and mails it to the auditors each day
    if their address is set."""
    line = audit_heads.write(now)
    if line is not None and line.is_first_today and settings.AUDIT_MAIL and outbox.can_mail():
        outbox.mail_to_auditors("helpline: audit head", f"{line}\n", now=now, lasts=timedelta(days=1))
