"""Computes how long a line keeps a conversation: after its end if nobody was let in, and at most from its
opening."""

from datetime import timedelta

from django.conf import settings

UNANSWERED = timedelta(hours=1)  # if no staff was ever let in, nobody has a reason to read it later


def unanswered(retention: timedelta) -> timedelta:
    """Returns how long a conversation stays after its end if nobody of the staff was let in."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """Returns the longest possible time between a conversation's opening and its D (`purge_at`)."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
