"""Letters by which the line's staff tell conversations apart: A to Z, then AA, given at the first `next`.

A letter is a conversation's for its life. The next one follows the last that is in use, or was an hour ago,
while its form may still be open; on a quiet line that is A again.
"""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from chat import states
from chat.models import Conversation

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REUSE_AFTER = timedelta(hours=1)  # after the end, before its letter is another's


def next_letter(now: datetime, *, leaving: int = 0) -> Coalesce:
    """Of a row of conversations: its own letter, or the one that follows on its line.

    `leaving`: so many are left to rivals who take callers of the line at this moment.
    """
    used = Q(state__in=states.OPEN) | Q(ended_at__gt=now - REUSE_AFTER)
    others = Conversation.objects.filter(used, line=OuterRef("line"), letter__isnull=False)
    last = others.order_by("-letter").values("letter")[:1]
    return Coalesce(F("letter"), Coalesce(Subquery(last), Value(0)) + 1 + leaving)


def name(letter: int | None) -> str:
    """1 is A, 26 is Z, 27 is AA; nothing before the first `next`."""
    written = ""
    rest = letter or 0
    while rest:
        rest, digit = divmod(rest - 1, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written
