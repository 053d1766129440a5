"""Gives conversations initials by which the line's staff tell them apart: A to Z, then AA. A conversation
gets its initial at the first `next` and keeps it.

The next initial follows the highest among conversations that are open or ended within the last hour, because
their wrap-up forms may still be open. On a quiet line it is A again.
"""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from chat import states
from chat.models import Conversation

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REUSE_AFTER = timedelta(hours=1)  # after the end, until its initial may be given again


def next_initial(now: datetime, *, leaving: int = 0) -> Coalesce:
    """Returns an expression for a row of conversations: its own initial, or the next of its line.

    `leaving`: how many initials to skip, because rivals may take callers of the line at the same time.
    """
    used = Q(state__in=states.OPEN) | Q(ended_at__gt=now - REUSE_AFTER)
    others = Conversation.objects.filter(used, line=OuterRef("line"), initial__isnull=False)
    last = others.order_by("-initial").values("initial")[:1]
    return Coalesce(F("initial"), Coalesce(Subquery(last), Value(0)) + 1 + leaving)


def name(initial: int | None) -> str:
    """Returns A for 1, Z for 26, AA for 27, and "" before the first `next`."""
    written = ""
    rest = initial or 0
    while rest:
        rest, digit = divmod(rest - 1, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written
