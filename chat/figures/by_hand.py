"""Counts telephone calls and mails, which the staff enter by hand in two taps, so that yearly figures include
them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from chat import line_scope
from chat.figures import counters
from chat.models import Figure
from counsellors.models import Person
from helpline.lib.errors import Conflict

HOUR = timedelta(hours=1)  # so that a tap just before a full hour can be undone just after the full hour


@transaction.atomic
def count(person: Person, line: str, how: str, *, now: datetime) -> None:
    """Counts one contact of the kind `how`. Raises NotFound for a line where the person does not work."""
    counters.count(counters.BY_HAND, how, line_scope.own_line(person, line).pk, now=now)


@transaction.atomic
def uncount(person: Person, line: str, how: str, *, now: datetime) -> None:
    """Undoes one count after a mistaken tap. Raises Conflict if nothing was counted in this hour or the one
    before."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    lately = Figure.objects.filter(
        name=counters.BY_HAND,
        key=how,
        line=line_scope.own_line(person, line),
        hour__gte=hour - HOUR,
        value__gt=0,
    )
    last = lately.order_by("-hour").values("pk")[:1]
    if not Figure.objects.filter(pk__in=last, value__gt=0).update(value=F("value") - 1):
        raise Conflict
