"""How long a line keeps a conversation: after its end, after an end without any answer, and at most."""

from datetime import timedelta

from django.conf import settings

UNANSWERED = timedelta(hours=1)  # nobody of the staff was ever let in: there is nothing to look after


def unanswered(retention: timedelta) -> timedelta:
    """Returns how long a conversation stays after its end if nobody of the staff was let in."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """Returns the longest possible time between a conversation's opening and its D (`purge_at`)."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
