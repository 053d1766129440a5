"""What callers say of a conversation in two taps: unlinked, and counted in fives.

An answer bears no conversation and no time. It waits as a number among others until five people have answered
the question; then all that wait are counted in that hour, so that no figure of an hour is one person's.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from chat.figures import counters
from chat.figures.small_numbers import LEAST
from chat.models import Figure, Line, WaitingAnswer
from helpline.lib.errors import BadFrame, NotFound

ANSWERS: dict[str, tuple[str, ...]] = {
    "heard": ("yes", "some", "no"),
    "knows_on": ("yes", "some", "no"),
}
DAY = timedelta(days=1)


@transaction.atomic
def give(line: str, answers: Mapping[str, str], *, now: datetime) -> None:
    """BadFrame for what is no answer.

    Who answers is not known, so nobody can be kept from answering twice: more answers than there were
    conversations in a day are thrown away.
    """
    if not answers or any(answer not in ANSWERS.get(name, ()) for name, answer in answers.items()):
        raise BadFrame
    if not Line.objects.select_for_update(no_key=True).filter(pk=line).exists():
        raise NotFound
    for name, answer in answers.items():
        if _of_a_day(line, f"feedback_{name}", now) < _of_a_day(line, counters.ANSWERED, now):
            _add(line, name, answer, now)


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
