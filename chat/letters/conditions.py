"""Decides whether a line takes letters, and by when it promises to answer a letter that is sent now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from chat.conversation import joining
from chat.lines import hidden, hours, schedules
from chat.models import Line, LineKey
from chat.queue import availability
from counsellors.certificates import certified
from counsellors.certificates.signed_bytes import LETTERS, LINE
from helpline.lib.errors import Conflict

SLOW_MINUTES = 20  # if the expected wait is longer, the line is treated as closed
INTO_THE_OPENING = timedelta(hours=2)
LAST_DAYS = timedelta(hours=48)  # the shortest time between the first promised time and the letter's end
SHORTEST_SPAN = timedelta(days=3)  # shortest lifetime of letters; only a demo for tests has a shorter one


class NoLetters(Conflict):
    """This line takes no letters now. Its page has the numbers to call."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Holds the conditions of a letter that is sent now: by when an answer is promised, when the letter ends,
    the letters key, and the key's certificate (None for practice)."""

    due: datetime
    ends: datetime
    key: bytes
    cert: certified.Frame | None


def lacking(line: Line, *, now: datetime) -> list[str]:
    """Returns a code for each condition for taking letters that the line does not meet. The board has a text
    for each code."""
    return list(_lacking(line, now))


def _lacking(line: Line, now: datetime) -> Iterator[str]:
    if not certified.is_needed():
        yield "roots"
    if line.letters_key is None:
        yield "key"
    elif _certificate(line, now) is None and certified.is_needed():
        yield "certificate"
    elif _is_key_retired(line, now):
        yield "generation"
    if not _is_review_key_good(line, now):
        yield "review"
    if not (line.alert_mail or line.alert_url):
        yield "address"
    if not all(line.people_of_the_day) or not line.people_of_the_day:
        yield "people"
    if line.state_at(now) != Line.State.OPEN and hours.next_opening(schedules.of_line(line), now) is None:
        yield "opening"


def promise(line: Line, *, now: datetime) -> Promise:
    """Returns the conditions for a letter that is sent now. Raises NoLetters if the line takes none: because
    of its setting, because a caller could talk to somebody soon, or because the line does not meet a
    condition (`lacking`)."""
    found = promise_or_none(line, now=now)
    if found is None:
        raise NoLetters
    return found


def promise_or_none(line: Line, *, now: datetime) -> Promise | None:
    """Works like `promise`, but returns None if the line takes no letter now."""
    if line.ended or line.letters == Line.Letters.NEVER or lacking(line, now=now):
        return None
    if line.letters == Line.Letters.CLOSED and not _nobody_soon(line, now):
        return None
    cert = _certificate(line, now)
    due, ends = due_of(line, now), now + line.letters_last
    until = datetime.fromtimestamp(cert["not_after"], now.tzinfo) if cert else ends
    if due > ends - last_days(line) or due > until:
        return None
    return Promise(due, ends, bytes(line.letters_key or b""), cert)


def promise_for_practice(line: Line, person: int, *, now: datetime) -> Promise:
    """Returns the conditions for a practice letter. Raises NoLetters if the browser of the person who plays
    its caller has made no key."""
    key = hidden.letters_key(line, person)
    if key is None:
        raise NoLetters
    return Promise(now + line.answers_within, now + line.letters_last, key, None)


def due_of(line: Line, at: datetime) -> datetime:
    """Returns the time by which an answer to a message written at `at` is promised: `at` plus the line's time
    to answer. If the line is closed at that time, the promised time is two hours after its next opening."""
    due = at + line.answers_within
    if line.state_at(due) == Line.State.OPEN:
        return due
    opens = hours.next_opening(schedules.of_line(line), due)
    return due if opens in (due, None) else opens + INTO_THE_OPENING


def last_days(line: Line) -> timedelta:
    """Returns the shortest time between a letter's first promised time and its end: 48 hours, or two sevenths
    of the lifetime of letters if that lifetime is below SHORTEST_SPAN."""
    return LAST_DAYS if line.letters_last >= SHORTEST_SPAN else line.letters_last * 2 / 7


def _nobody_soon(line: Line, now: datetime) -> bool:
    found = availability.look(line, now=now)
    return found.state != "open" or (found.minutes is not None and found.minutes[1] > SLOW_MINUTES)


def _is_key_retired(line: Line, now: datetime) -> bool:
    """Returns whether new letters may no longer use the letters key, because somebody who could open it left
    more than LEAVERS_KEY_TTL ago (chat/retention/line_keys.py)."""
    key = bytes(line.letters_key or b"")
    return LineKey.objects.filter(public=key, until__lte=now).exists()


def _is_review_key_good(line: Line, now: datetime) -> bool:
    """Returns whether the review key would get a seat in a letter. Without its seat the return code names no
    keys, and a caller who comes back could not write on."""
    if line.review_key is None:
        return False
    certificate = joining.review_certificate(line, bytes(line.review_key), now=now)
    return certificate is not None or not certified.is_needed()


def _certificate(line: Line, now: datetime) -> certified.Frame | None:
    if line.letters_key is None:
        return None
    return certified.of_key(LETTERS, LINE, line.pk, bytes(line.letters_key), now=now)


def most() -> int:
    """Returns how many unanswered letters a line can have before each further letter costs the maximum of
    proof of work."""
    return settings.LETTERS_MAX
