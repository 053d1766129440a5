"""How long a line keeps a conversation: after its end, after an end to which nobody came, and at the most."""

from datetime import timedelta

from django.conf import settings

UNANSWERED = timedelta(hours=1)  # nobody of the staff was ever let in: there is nothing to look after


def unanswered(retention: timedelta) -> timedelta:
    """How long one stays after its end to which nobody came."""
    return min(UNANSWERED, retention)


def longest(retention: timedelta) -> timedelta:
    """The most that can lie between an opening and its D."""
    return settings.OPEN_SPAN + retention + settings.PURGE_HOUR
