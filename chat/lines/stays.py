"""Computes how long a line keeps a conversation into which no staff was ever let, and how long it keeps any
conversation at most."""

from datetime import timedelta

from django.conf import settings

# If no staff was ever let into a conversation, nobody has a reason to read it later.
UNANSWERED = timedelta(hours=1)


def unanswered(retention: timedelta) -> timedelta:
    """Returns how long a conversation is kept after its end if no staff was ever let into it."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """Returns the longest possible time between a conversation's opening and the destruction of its key
    (`purge_at`)."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
