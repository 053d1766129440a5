"""Sends alarms about letters to the line's own addresses: immediately about acute letters, and each day about
letters that have no answer although the promised time has passed. An alarm contains nothing that a caller
wrote."""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat import line_scope, outbox, states
from chat.models import Conversation, Entry, KeyShare, Letter, Line, LineKey, Member, Work
from chat.retention import news
from counsellors import audit
from counsellors.models import Device, Person
from helpline.lib import clock, encoding

ACUTE = 2
ACUTE_INTERVAL = timedelta(minutes=15)  # the shortest time between two alarms about acute letters of one line
ACUTE_AGAIN = timedelta(hours=1)  # the alarm is repeated at this interval while an acute letter is unanswered
BROKEN_AGAIN = timedelta(days=1)
MESSAGE_TTL = timedelta(hours=6)
SOON = timedelta(hours=1)  # an alarm is sent this long before the promised time
ACUTE_LETTERS, BROKEN_PROMISES, GIVEN_BACK = "letters_acute", "letters_overdue", "letters_given_back"
NEAR_PROMISES, EXPIRED, CLOSED = "letters_soon", "letters_expired", "letters_closed"


class LettersAlarm(msgspec.Struct):
    """Defines the body of the webhook. `number` is how many letters the alarm is about."""

    delivery: str
    line: str
    alerts: list[str]
    number: int
    at: str
    kind: str = "alert"


def tell_of_acute(conversation: Conversation, *, now: datetime) -> None:
    """Sends an alarm because a caller sent an acute letter, at most one alarm for each line in
    ACUTE_INTERVAL; `watch` sends what this interval has held back."""
    _tell_of_acute(conversation.line, every=ACUTE_INTERVAL, now=now)


def tell_of_given_back(conversation: Conversation, *, now: datetime) -> None:
    """Sends an alarm that a letter was given back so often that somebody has to look at it."""
    _tell(conversation.line, GIVEN_BACK, 1, now=now)


def watch(*, now: datetime) -> None:
    """Sends alarms: each hour about unanswered acute letters, and earlier about those that came meanwhile;
    one time for each letter, an hour before its promised time; each day about unanswered letters past their
    promised time; each day about letters that no device can open; and each day about letters that expired
    without an answer, until a supervisor acknowledges them. A line that has lost its letters key, because a
    device of its holder was lost, still has letters."""
    for line in Line.objects.real():
        _watch(line, now=now)


@transaction.atomic
def _watch(line: Line, *, now: datetime) -> None:
    """Marks each alarm as sent in the transaction that stores its message: a process that is killed between
    the two would otherwise leave the alarm unsent."""
    _tell_of_acute(line, every=ACUTE_INTERVAL if _has_news(line) else ACUTE_AGAIN, now=now)
    near = Letter.objects.filter(_unanswered(line.pk), due_at__gt=now, due_at__lte=now + SOON)
    if many := near.filter(alarmed_at=None).update(alarmed_at=now):
        _tell(line, NEAR_PROMISES, many, now=now)
    _tell_daily(line, BROKEN_PROMISES, overdue(line.pk, now=now), now=now)
    _tell_daily(line, CLOSED, _closed(line.pk).count(), now=now)
    _tell_daily(line, EXPIRED, _count_expired(line), now=now)


def _tell_daily(line: Line, code: str, number: int, *, now: datetime) -> None:
    told_at = f"{code}_told_at"
    lately = {f"{told_at}__gt": now - BROKEN_AGAIN, f"{told_at}__lte": now}
    due = Line.objects.filter(pk=line.pk).exclude(**lately)
    # If two workers get here at the same time, only one of them changes the row and sends the alarm.
    if number and due.update(**{told_at: now}):
        _tell(line, code, number, now=now)


def _count_expired(line: Line) -> int:
    """Returns how many letters have expired without an answer since a supervisor last acknowledged such
    letters. The count is stored in the line's row, because the letters themselves are deleted when they
    expire."""
    rows = Line.objects.filter(pk=line.pk)
    if more := _expired(line.pk).update(due_at=None):
        rows.update(letters_expired=F("letters_expired") + more)
        news.tell_supervisors(line.pk)
    return rows.values_list("letters_expired", flat=True).get()


@transaction.atomic
def acknowledge(supervisor: Person, slug: str) -> None:
    """Ends the daily alarm about letters that expired without an answer. The audit log records how many such
    letters there were, and who acknowledged them."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    if line.letters_expired:
        Line.objects.filter(pk=line.pk).update(letters_expired=0, letters_expired_told_at=None)
        audit.record(supervisor, "letters_expired", subject=slug, detail=str(line.letters_expired))
        news.tell_supervisors(slug)


def overdue(line: str, *, now: datetime) -> int:
    """Returns how many letters of a line are still unanswered after the promised time."""
    return Letter.objects.filter(_unanswered(line), due_at__lte=now).count()


def _expired(line: str) -> QuerySet[Letter]:
    """Returns the line's letters that expired without an answer and are not counted yet. Counting a letter
    clears its promised reply date. A letter without that date was counted already."""
    unanswered = Letter.objects.filter(conversation__line=line, conversation__written__in=states.UNANSWERED)
    return unanswered.filter(conversation__ended_at__gte=F("ends_at"), due_at__isnull=False)


def _closed(line: str) -> QuerySet[Letter]:
    """Returns the line's unanswered letters whose key is shared with no approved device of somebody who works
    there."""
    works = Work.objects.filter(person=OuterRef("device__person"), line=line, person__is_active=True)
    shares = KeyShare.objects.filter(
        Exists(works),
        device__state=Device.State.APPROVED,
        key__use=LineKey.Use.LETTERS,
        key__line=line,
        key__public=OuterRef("key"),
    )
    seats = Member.objects.filter(~Exists(shares), role=states.SeatRole.LETTERS, left_seq=None)
    return Letter.objects.filter(_unanswered(line), conversation__in=seats.values("conversation"))


def _unanswered(line: str) -> Q:
    return Q(
        conversation__line=line,
        conversation__written__in=states.UNANSWERED,
        conversation__state__in=states.OPEN,
    )


def _has_news(line: Line) -> bool:
    """Returns whether a caller of an acute letter has sent something since the last alarm."""
    if line.letters_acute_told_at is None:
        return False
    acute = Letter.objects.filter(_unanswered(line.pk), conversation__urgency=ACUTE).values("conversation")
    since = Entry.objects.filter(conversation__in=acute, at__gt=line.letters_acute_told_at)
    return since.filter(kind__in=("sent", "message")).exists()


def _tell_of_acute(line: Line, *, every: timedelta, now: datetime) -> None:
    acute = Letter.objects.filter(_unanswered(line.pk), conversation__urgency=ACUTE).count()
    # Where the clock was set back, the last one lies ahead, and must not silence the line until then.
    lately = Line.objects.filter(pk=line.pk).exclude(
        letters_acute_told_at__gt=now - every, letters_acute_told_at__lte=now
    )
    if acute and lately.update(letters_acute_told_at=now):
        _tell(line, ACUTE_LETTERS, acute, now=now)


def _tell(line: Line, code: str, number: int, *, now: datetime) -> None:
    if line.is_practice:
        return
    if line.alert_mail and outbox.can_mail():
        subject, body = _in_words(line, code, number, now)
        outbox.mail_to_line(line, subject, body, now=now, lasts=MESSAGE_TTL)
    if line.alert_url:
        delivery = encoding.new_id()
        alarm = LettersAlarm(delivery, line.pk, [code], number, clock.stamp(now))
        body = msgspec.json.encode(alarm).decode()
        outbox.post_to_line(line, delivery, body, now=now, lasts=MESSAGE_TTL)


def _in_words(line: Line, code: str, number: int, now: datetime) -> tuple[str, str]:
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"line": line.name, "time": f"{timezone.localtime(now):%H:%M}", "number": number}
        person = person_of_the_day(line, now=now)
        named = [gettext("alert.letters_person") % {"person": person}] if person else []
        lines = [gettext("alert.body") % facts, "- " + gettext(f"alert.{code}") % facts, *named]
        return gettext("alert.subject") % facts, "\n".join(lines)


def person_of_the_day(line: Line, *, now: datetime) -> str:
    """Returns the alias of the person who looks after the line's letters today, or "" if there is none, or
    if that person no longer works for the line: everybody else would believe that somebody looks."""
    today = timezone.localtime(now).weekday()
    alias = line.people_of_the_day[today] if len(line.people_of_the_day) > today else ""
    staff = line_scope.counsellors_of(line.pk) | line_scope.supervisors_of(line.pk)
    return alias if alias and staff.filter(alias=alias).exists() else ""
