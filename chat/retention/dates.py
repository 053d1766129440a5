"""When a conversation's rows go: past their date, or past D; on hold, at the end of the hold."""

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
    """Each with `rows_end`, its own date: the end + the smaller of the retention then and now."""
    lasts = Case(
        When(answered=False, then=Least(Value(UNANSWERED), F("retention"), F("line__retention"))),
        default=Least(F("retention"), F("line__retention")),
        output_field=DurationField(),
    )
    rows_end = ExpressionWrapper(F("ended_at") + lasts, output_field=DateTimeField())
    return Conversation.objects.annotate(rows_end=rows_end)


def past(now: datetime) -> QuerySet[Conversation]:
    """Ended conversations past their rows' date, or past D, or erased; on hold or not."""
    ended = with_rows_end().exclude(state__in=states.OPEN)
    return ended.filter(Q(rows_end__lte=now) | Q(purge_at__lte=now) | Q(gone_at__isnull=False))


def due(now: datetime) -> QuerySet[Conversation]:
    """Those whose rows go now: no hold keeps them."""
    return past(now).exclude(held_until__gt=now)


def kept_by_a_hold_only(now: datetime) -> QuerySet[Conversation]:
    """Those that are past their date for everybody but the hold, and do not say so yet."""
    return past(now).filter(held_until__gt=now, gone_at=None)
