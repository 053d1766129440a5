"""How long a line keeps a conversation: after its end, after an end to which nobody came, and at the most."""

from datetime import timedelta

from django.conf import settings

UNANSWERED = timedelta(hours=1)  # nobody of the staff was ever let in: there is nothing to look after


def unanswered(retention: timedelta) -> timedelta:
    """Returns how long one stays after its end if nobody of the staff was let in."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """Returns the most that can be between an opening and its D."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
