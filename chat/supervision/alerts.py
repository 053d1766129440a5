"""Raises a line's alerts: too many callers wait, a caller waits too long or is acute, nobody on duty speaks a
caller's language, starting a conversation requires proof of work, the purge is late, or a certificate will
end soon."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Min, Q

from chat import bells, line_scope, outbox, states
from chat.lines import staff
from chat.models import Conversation, Line
from chat.queue import rank, signs
from chat.queue.pressure import Level
from chat.retention import purge
from chat.supervision import certificate_ends
from counsellors import audit
from counsellors.certificates import certified
from counsellors.models import Duty, Person

WAITING, WAIT, URGENT, NOBODY = "waiting", "wait", "urgent", "nobody"
PRESSURE, OVERDUE = "pressure", "overdue"
MIN_ALERT_DURATION = timedelta(minutes=10)  # prevents a mail each time that a value crosses its threshold
ENDING_CACHE_TTL = timedelta(minutes=1)
LATE_CACHE_TTL = timedelta(seconds=20)  # cached because the query reads every ended conversation

_late: list[tuple[datetime, set[str]]] = []
_ending: list[tuple[datetime, dict[str, list[str]]]] = []  # counted in days: a minute of caching is fine


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Holds the number of waiting callers (`waiting`) and the minutes of waiting (`minutes`) from which a
    line has an alert. None means that there is no such alert. `told`: whether alerts are also sent by mail or
    webhook."""

    waiting: int | None
    minutes: int | None
    told: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """Represents an alert that began. It contains no data about callers."""

    line: Line
    codes: list[str]
    at: datetime


@dataclass(slots=True)
class _Queue:
    """Sums up a line's connected waiting callers: their number, the time when the longest-waiting of them
    began to wait, and their languages. `urgent`: the number of acute callers, including those who are
    away."""

    waiting: int = 0
    urgent: int = 0
    oldest: datetime | None = None
    languages: frozenset[str] = frozenset()


def codes(lines: Collection[Line], *, now: datetime) -> dict[str, list[str]]:
    """Returns the codes of each line's current alerts. It needs two queries; the other values are cached."""
    queues, spoken, late = _queues(lines), _spoken(lines), _where_late(now)
    ending = _about_certificates(now)
    found: dict[str, list[str]] = {}
    for line in lines:
        queue, wait = queues[line.pk], line.alert_wait
        raised_by = {
            WAITING: line.alert_waiting is not None and queue.waiting >= line.alert_waiting,
            WAIT: wait is not None and queue.oldest is not None and now - queue.oldest >= wait,
            URGENT: queue.urgent > 0,
            NOBODY: any(not staff.is_spoken(language, spoken[line.pk]) for language in queue.languages),
            PRESSURE: signs.level_of(line.pk, now=now) > Level.NONE,
            OVERDUE: line.pk in late,
        }
        raised = [code for code, is_raised in raised_by.items() if is_raised]
        found[line.pk] = [*raised, *ending.get(line.pk, [])]
    return found


def watch(*, now: datetime) -> list[Alert]:
    """Begins and ends alerts. Returns the alerts that have to be told: those that began, and those that have
    a further cause after MIN_ALERT_DURATION. If two workers run this at the same time, only one of them
    updates the line's row and sends the messages.

    If URGENT is the only code, no alert begins: most acute callers get a counsellor within a minute.
    """
    lines = list(Line.objects.real())
    raised = codes(lines, now=now)
    told = (_watch(line, raised[line.pk], now=now) for line in lines)
    return [alert for alert in told if alert is not None]


def _watch(line: Line, raised: list[str], *, now: datetime) -> Alert | None:
    since, told = line.alerting_since, line.alerting_for
    # Where the clock was set back, `since` lies ahead: it must not silence the line until then.
    if since is not None and since <= now < since + MIN_ALERT_DURATION:
        return None
    before = told.split() if since is not None else []
    causes = [code for code in raised if code != URGENT]
    lasting = [code for code in causes if code in before]
    row = Line.objects.filter(pk=line.pk, alerting_since=since, alerting_for=told)
    # A cause may last for weeks, as a certificate that ends soon does. It must not hide that nobody is there.
    if causes != lasting:
        begins = row.update(alerting_since=now, alerting_for=" ".join(causes))
        return Alert(line, raised, now) if begins else None
    if lasting != before:
        row.update(alerting_since=since if lasting else None, alerting_for=" ".join(lasting))
    return None


def forget() -> None:
    """Clears this process's caches, which last up to a minute."""
    _late.clear()
    _ending.clear()


def thresholds(supervisor: Person, slug: str) -> Thresholds:
    return _thresholds(line_scope.own_line(supervisor, slug))


@transaction.atomic
def set_thresholds(supervisor: Person, slug: str, *, waiting: int | None, minutes: int | None) -> Thresholds:
    """Sets a line's thresholds. Raises NotFound for a line that is not the supervisor's. Changing the
    addresses that alerts are sent to needs approval (held_fields.py)."""
    line = line_scope.own_line(supervisor, slug)
    line.alert_waiting, line.alert_wait = waiting, timedelta(minutes=minutes) if minutes else None
    line.save(update_fields=["alert_waiting", "alert_wait"])
    audit.record(
        supervisor, "alerting", subject=slug, detail=f"waiting {waiting or '-'} minutes {minutes or '-'}"
    )
    bells.ring_on_commit(bells.LineChanged(slug))
    return _thresholds(line)


def _thresholds(line: Line) -> Thresholds:
    minutes = round(line.alert_wait.total_seconds() / 60) if line.alert_wait else None
    by_mail = bool(line.alert_mail and outbox.can_mail())
    return Thresholds(line.alert_waiting, minutes, told=by_mail or bool(line.alert_url))


def _where_late(now: datetime) -> set[str]:
    if not _late or abs(now - _late[0][0]) >= LATE_CACHE_TTL:
        _late[:] = [(now, purge.overdue_lines(now))]
    return _late[0][1]


def _about_certificates(now: datetime) -> dict[str, list[str]]:
    if not certified.is_needed():
        return {}
    if not _ending or abs(now - _ending[0][0]) >= ENDING_CACHE_TTL:
        found = {line.pk: certificate_ends.causes(line, now=now) for line in Line.objects.offered()}
        _ending[:] = [(now, found)]
    return _ending[0][1]


def _queues(lines: Collection[Line]) -> dict[str, _Queue]:
    waiting = Conversation.objects.filter(line__in=lines, state=states.Conversation.WAITING)
    here = Q(Exists(rank.caller_here()))
    sums = waiting.values_list("line", "locale").annotate(
        here=Count("pk", filter=here),
        oldest_here=Min(rank.SINCE, filter=here),
        urgent=Count("pk", filter=rank.ACUTE),
    )
    queues: defaultdict[str, _Queue] = defaultdict(_Queue)
    for line, language, count, oldest, urgent in sums.order_by():
        queue = queues[line]
        queue.urgent += urgent
        if count:
            queue.waiting += count
            queue.oldest = min(oldest, queue.oldest or oldest)
            queue.languages |= {language}
    return queues


def _spoken(lines: Collection[Line]) -> dict[str, list[Person]]:
    """Returns, by line, the counsellors who are on duty and not on a break."""
    people: defaultdict[str, list[Person]] = defaultdict(list)
    for row in staff.who_can_come(lines).filter(person__duty__state=Duty.State.ON):
        people[str(row.line_id)].append(row.person)
    return people
