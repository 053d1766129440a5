"""Computes how long a line keeps a conversation to which no staff was let in, and how long it keeps any
conversation at most."""

from datetime import timedelta

from django.conf import settings

# Applies to a conversation to which no staff was ever let in: nobody has a reason to read it later.
UNANSWERED = timedelta(hours=1)


def unanswered(retention: timedelta) -> timedelta:
    """Returns how long a conversation is kept after its end if no staff was let in."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """Returns the longest possible time between a conversation's opening and the destruction of its key
    (`purge_at`)."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
