"""Calculates when a conversation's rows are deleted: at their `rows_end` (the conversation's end plus the
line's retention) or at D (`purge_at`), whichever comes first, but not before the end of a hold."""

from datetime import datetime

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Least

from chat import states
from chat.lines.stays import UNANSWERED
from chat.models import Conversation


def with_rows_end() -> QuerySet[Conversation]:
    """Annotates each conversation with `rows_end`: its end plus the line's retention. If the retention
    changed after the conversation's start, the shorter one of the two retentions applies. A chat that was
    never answered is kept for UNANSWERED (an hour) at most. An unanswered letter is kept as long as an
    answered one."""
    lasts = Case(
        When(
            answered=False,
            letter__isnull=True,
            then=Least(Value(UNANSWERED), F("retention"), F("line__retention")),
        ),
        default=Least(F("retention"), F("line__retention")),
        output_field=DurationField(),
    )
    rows_end = ExpressionWrapper(F("ended_at") + lasts, output_field=DateTimeField())
    return Conversation.objects.annotate(rows_end=rows_end)


def past(now: datetime) -> QuerySet[Conversation]:
    """Returns all ended conversations that are past their `rows_end`, are past D or were erased.
    Conversations on hold are included."""
    ended = with_rows_end().exclude(state__in=states.OPEN)
    return ended.filter(Q(rows_end__lte=now) | Q(purge_at__lte=now) | Q(gone_at__isnull=False))


def due(now: datetime) -> QuerySet[Conversation]:
    """Returns the conversations whose rows are to be deleted now, without those that a hold keeps."""
    return past(now).exclude(held_until__gt=now)


def kept_by_a_hold_only(now: datetime) -> QuerySet[Conversation]:
    """Returns the conversations that only a hold still keeps and that are not hidden yet."""
    return past(now).filter(held_until__gt=now, gone_at=None)
