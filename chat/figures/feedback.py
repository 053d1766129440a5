"""What callers say of a conversation in two taps: unlinked, and counted in fives.

An answer bears no conversation and no time. It waits as a number among others until five people have answered
the question; then all that wait are counted in that hour, so that no figure of an hour is one person's.

Each needs the ticket of a conversation that was answered and has ended. It is the same whenever its caller
comes back, and answers each question once. It names no conversation: what is random in it is derived from one
with the server's secret, and what is stored of it is a hash that dies with it (`chat/one_use.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F, Sum
from django.utils.crypto import salted_hmac

from chat import one_use, states
from chat.figures import counters
from chat.figures.small_numbers import LEAST
from chat.models import Conversation, Figure, Line, WaitingAnswer
from helpline.lib.errors import BadFrame, Forbidden

ANSWERS: dict[str, tuple[str, ...]] = {
    "heard": ("yes", "some", "no"),
    "knows_on": ("yes", "some", "no"),
}
DAY = timedelta(days=1)
LASTS = 2 * DAY  # from the midnight before the end: a date that all tickets of a day share tells no time
SALT = "helpline feedback"


class NoTicket(Forbidden):
    """An answer counts once, after a conversation that has ended, until the day after it."""


def ticket(conversation: Conversation, *, now: datetime) -> str | None:
    """None before the end, where nobody was let in to be told of, and when it is too late."""
    if conversation.state != states.Conversation.ENDED or not conversation.answered:
        return None
    until = _until(conversation)
    if now >= until:
        return None
    derived = salted_hmac(SALT, conversation.pk, algorithm="sha256").hexdigest()[:32]
    return signing.Signer(salt=SALT).sign_object([conversation.line_id, until.isoformat(), derived])


@transaction.atomic
def give(given: str, answers: Mapping[str, str], *, now: datetime) -> None:
    """BadFrame for what is no answer. NoTicket for a ticket that is none, late, or has answered this already.

    More answers than there were conversations in a day are thrown away.
    """
    line, until = _read(given)
    if not answers or any(answer not in ANSWERS.get(name, ()) for name, answer in answers.items()):
        raise BadFrame
    if now >= until or not Line.objects.select_for_update(no_key=True).filter(pk=line).exists():
        raise NoTicket
    for name, answer in answers.items():
        if not one_use.use(f"feedback {name} {given}", until):
            raise NoTicket
        if _of_a_day(line, f"feedback_{name}", now) < _of_a_day(line, counters.ANSWERED, now):
            _add(line, name, answer, now)


def _until(conversation: Conversation) -> datetime:
    ended = conversation.ended_at or conversation.opened_at
    return datetime.combine(ended.astimezone(UTC).date(), time(), UTC) + LASTS


def _read(given: str) -> tuple[str, datetime]:
    """The line that the ticket is good for, and until when."""
    try:
        line, until, _ = signing.Signer(salt=SALT).unsign_object(given)
        return line, datetime.fromisoformat(until)
    except (signing.BadSignature, ValueError):
        raise NoTicket from None


def _add(line: str, name: str, answer: str, now: datetime) -> None:
    row, _ = WaitingAnswer.objects.get_or_create(line_id=line, name=name, answer=answer)
    WaitingAnswer.objects.filter(pk=row.pk).update(value=F("value") + 1)
    waiting = WaitingAnswer.objects.filter(line=line, name=name)
    values = {(f"feedback_{name}", one.answer): one.value for one in waiting}
    if sum(values.values()) >= LEAST:
        waiting.delete()
        counters.count_all(values, line, now=now)


def _of_a_day(line: str, name: str, now: datetime) -> int:
    rows = Figure.objects.filter(line=line, name=name, hour__gt=now - DAY)
    return rows.aggregate(sum=Sum("value"))["sum"] or 0
