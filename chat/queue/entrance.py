"""Lets callers into the queue: checks the proof of work that a place requires now, then gives the place."""

from datetime import datetime

from chat import states
from chat.conversation import opening
from chat.conversation.opening import Opened
from chat.figures import counters
from chat.lines import hidden
from chat.queue import signs, tally, work
from chat.queue.pressure import Level
from chat.queue.signs import Look
from helpline.lib.errors import LineFull, WorkAsked


def enter(
    line: str,
    locale: str,
    urgency: int,
    *,
    answer: str = "",
    ticket: str = "",
    socket: str,
    now: datetime,
) -> Opened:
    """Lets a caller into the queue. Raises LineFull, or WorkAsked if the line is under pressure and `answer`
    does not prove enough work.

    All callers have to do the same work, even those who say that their situation is acute.
    """
    if states.is_practice(line):
        hidden.admit(line, ticket)
        return opening.open_conversation(line, locale, urgency, socket=socket, now=now)
    seen = require_place(line, answer=answer, now=now)
    signs.let_in(line)  # before the conversation is stored, so that a simultaneous start counts this one
    try:
        return opening.open_conversation(line, locale, urgency, socket=socket, now=now)
    except LineFull:
        raise _full(line, seen) from None


def require_place(line: str, *, answer: str, now: datetime) -> Look | None:
    """Returns the signs of the line if a caller may enter it now, or None if the line is unknown or closed.
    Raises LineFull, or WorkAsked if `answer` does not prove enough work."""
    seen = signs.look(line, now=now)
    if seen is not None:
        _require_work(line, seen, answer, now=now)
    return seen


def _require_work(line: str, seen: Look, answer: str, *, now: datetime) -> None:
    if seen.pressure.level == Level.FULL:
        raise _full(line, seen)
    if seen.pressure.level == Level.NONE:
        return
    require_work(line, seen.pressure.work, answer, now=now)


def require_work(line: str, asked: int, answer: str, *, now: datetime) -> None:
    """Raises WorkAsked unless `answer` proves enough of the required work (`asked`, in iterations)."""
    # Half of the work is enough, because the required work may have risen while this browser worked.
    if not (answer and work.accept(line, answer, asked // 2, now=now)):
        tally.note(line, counters.ASKED)
        raise WorkAsked(challenge=work.challenge(line, asked, now=now))
    tally.note(line, counters.EARNED)


def _full(line: str, seen: Look | None) -> LineFull:
    tally.note(line, counters.REFUSED)
    return LineFull(again=seen.again if seen else signs.MAX_RETRY_SECONDS)
