"""Closes a line while callers' browsers would let no staff into its conversations. This can happen only if
the callers' pages list roots."""

from datetime import datetime, timedelta

from chat.lines import staff
from chat.models import Line
from counsellors.certificates import certified
from counsellors.certificates.signed_bytes import DEVICE, LINE
from counsellors.models import Device

CACHE_TTL = timedelta(seconds=3)  # every start of a conversation needs a check, which verifies signatures

_known: dict[str, tuple[datetime, bool]] = {}


def is_closed(line: Line, *, now: datetime) -> bool:
    """Returns whether a line is closed because its scope has ended or was never signed. It is also closed if
    counsellors are on duty or on a break, but none of them is certified for the line.

    If the scope is valid and no counsellor is on duty or on a break, only the hours and the supervisors
    decide whether the line is open.
    """
    if not certified.is_needed() or line.is_practice:
        return False
    known = _known.get(line.pk)
    if known is None or abs(now - known[0]) >= CACHE_TTL:
        known = _known[line.pk] = (now, not _can_let_in(line, now))
    return known[1]


def forget() -> None:
    """Clears this process's cache, which lasts some seconds."""
    _known.clear()


def _can_let_in(line: Line, now: datetime) -> bool:
    ends = certified.scope_ends(LINE, line.pk)
    if ends is None or now.timestamp() >= ends:
        return False
    there = [row.person_id for row in staff.counsellors_there([line])]
    if not there:
        return True
    approved = Device.objects.filter(person__in=there, state=Device.State.APPROVED)
    keys = [bytes(key) for key in approved.values_list("key", flat=True)]
    return bool(certified.of_keys(DEVICE, LINE, [line.pk], keys, now=now))
