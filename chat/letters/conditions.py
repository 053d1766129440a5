"""Whether a line takes letters, and by when one that is sent now is answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from chat.lines import hidden, hours, schedules
from chat.models import Line, LineKey
from chat.queue import availability
from counsellors.certificates import certified
from counsellors.certificates.signed_bytes import LETTERS, LINE
from helpline.lib.errors import Conflict

SLOW_MINUTES = 20  # an expected wait above it is as good as closed
INTO_THE_OPENING = timedelta(hours=2)
LAST_DAYS = timedelta(hours=48)  # between the first promise and the letter's end
SHORTEST_SPAN = timedelta(days=3)  # of a line; only a demo for tests has a shorter one


class NoLetters(Conflict):
    """This line takes no letters now. Its page has the numbers to call."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What holds of a letter that is sent now. `key`: the letters key. `cert`: its certificate, None for
    practice."""

    due: datetime
    ends: datetime
    key: bytes
    cert: certified.Frame | None


def lacking(line: Line, *, now: datetime) -> list[str]:
    """Returns what a line lacks before it can take letters, as codes that the board has words for."""
    return list(_lacking(line, now))


def _lacking(line: Line, now: datetime) -> Iterator[str]:
    if not certified.is_needed():
        yield "roots"
    if line.letters_key is None:
        yield "key"
    elif _certificate(line, now) is None and certified.is_needed():
        yield "certificate"
    elif _is_left(line, now):
        yield "generation"
    if line.review_key is None:
        yield "review"
    if not (line.alert_mail or line.alert_url):
        yield "address"
    if not all(line.people_of_the_day) or not line.people_of_the_day:
        yield "people"
    if line.state != Line.State.OPEN and hours.next_opening(schedules.of_line(line), now) is None:
        yield "opening"


def promise(line: Line, *, now: datetime) -> Promise:
    """Returns what a letter of now is promised. Raises NoLetters where the line takes none: by its setting,
    while somebody can be spoken to soon, and while something is lacking."""
    found = promise_or_none(line, now=now)
    if found is None:
        raise NoLetters
    return found


def promise_or_none(line: Line, *, now: datetime) -> Promise | None:
    """Returns the same, or None where the line takes no letter now."""
    if line.letters == Line.Letters.NEVER or lacking(line, now=now):
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
    """Returns what a practice letter is promised. Raises NoLetters where the browser of whoever plays its
    caller made no key."""
    key = hidden.letters_key(line, person)
    if key is None:
        raise NoLetters
    return Promise(now + line.answers_within, now + line.letters_last, key, None)


def due_of(line: Line, at: datetime) -> datetime:
    """Returns the promise for a message of `at`: after the line's time to answer or, if it is closed then,
    two hours into its next opening."""
    due = at + line.answers_within
    if line.state == Line.State.OPEN:
        return due
    opens = hours.next_opening(schedules.of_line(line), due)
    return due if opens in (due, None) else opens + INTO_THE_OPENING


def last_days(line: Line) -> timedelta:
    """Returns how long before a letter's end its first promise is at the latest: 48 hours, and the same share
    of a life that is shorter than any line's."""
    return LAST_DAYS if line.letters_last >= SHORTEST_SPAN else line.letters_last * 2 / 7


def _nobody_soon(line: Line, now: datetime) -> bool:
    found = availability.look(line, now=now)
    return found.state != "open" or (found.minutes is not None and found.minutes[1] > SLOW_MINUTES)


def _is_left(line: Line, now: datetime) -> bool:
    """Whether somebody who could open the letters key left so long ago that no new letter may name it."""
    key = bytes(line.letters_key or b"")
    return LineKey.objects.filter(public=key, until__lte=now).exists()


def _certificate(line: Line, now: datetime) -> certified.Frame | None:
    if line.letters_key is None:
        return None
    return certified.of_key(LETTERS, LINE, line.pk, bytes(line.letters_key), now=now)


def most() -> int:
    """Returns from how many unanswered letters on a line each further one costs the most work."""
    return settings.LETTERS_MAX
