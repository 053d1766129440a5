"""Gives each conversation its initial (A to Z, then AA), by which the line's staff distinguish conversations.
A conversation gets its initial when a counsellor first takes it with `next`, and keeps this initial.

A new initial follows the highest initial of the line's conversations that are open or ended less than an hour
ago. Wrap-up forms of ended conversations may still be open in that hour. If there are no such conversations,
the new initial is A.
"""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from chat import states
from chat.models import Conversation

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REUSE_AFTER = timedelta(hours=1)  # from a conversation's end until its initial may be used again


def next_initial(now: datetime, *, leaving: int = 0) -> Coalesce:
    """Returns an SQL expression for a row of Conversation: the conversation's initial or, if it has none yet,
    the next one of its line.

    `leaving`: how many initials to skip, because other counsellors may take callers of the line at the same
    time.
    """
    used = Q(state__in=states.OPEN) | Q(ended_at__gt=now - REUSE_AFTER)
    others = Conversation.objects.filter(used, line=OuterRef("line"), initial__isnull=False)
    last = others.order_by("-initial").values("initial")[:1]
    return Coalesce(F("initial"), Coalesce(Subquery(last), Value(0)) + 1 + leaving)


def name(initial: int | None) -> str:
    """Returns A for 1, Z for 26, AA for 27, and "" for None (before the first `next`)."""
    written = ""
    rest = initial or 0
    while rest:
        rest, digit = divmod(rest - 1, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written
