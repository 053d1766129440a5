"""Begins letters. A letter is a conversation whose first staff seats belong to keys of the line, and not to
people."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from chat import states
from chat.conversation import joining, opening
from chat.conversation.opening import Opened, Seats
from chat.keys import outer, slots
from chat.letters import conditions
from chat.letters.conditions import Promise
from chat.lines import hidden
from chat.models import Conversation, Letter, Line, Member, Slot
from chat.queue import entrance, signs
from chat.queue.pressure import MIN_ITERATIONS
from chat.states import Written
from helpline.lib.errors import LineFull, TryAgain, UnknownLine

FREE_AN_HOUR = 10  # letters per hour that cost no more work than the start of a chat
MAX_ITERATIONS = 19_400_000  # a slow phone needs twenty seconds for so many iterations
BEYOND = 10  # a line is full when it has BEYOND * conditions.most() unanswered letters


def begin(
    line: str,
    locale: str,
    urgency: int,
    *,
    answer: str = "",
    ticket: str = "",
    socket: str,
    now: datetime,
) -> Opened:
    """Opens a letter as a draft. Raises UnknownLine, NoLetters or LineFull, or WorkAsked if `answer` does not
    contain enough proof of work. After an error, nothing is stored. A practice letter needs a ticket instead
    of work."""
    person = hidden.admit(line, ticket) if states.is_practice(line) else None
    found = Line.objects.filter(pk=line).first()
    if found is None:
        raise UnknownLine
    if person is None:
        promise = conditions.promise(found, now=now)
        _require_place(line, answer, now=now)
    else:
        promise = conditions.promise_for_practice(found, person, now=now)
    slot = slots.take(outer.purge_instant(promise.ends + settings.OPEN_SPAN, found.retention))
    return _begin(found, locale, urgency, promise, slot=slot, socket=socket, now=now)


def _require_place(line: str, answer: str, *, now: datetime) -> None:
    if unanswered(line) >= BEYOND * conditions.most():
        raise LineFull
    if asked := work_of(line, now=now):
        entrance.require_work(line, asked, answer, now=now)


def work_of(line: str, *, now: datetime) -> int:
    """Returns how many iterations of proof of work a letter costs now: at least as many as the start of a
    chat, more with each letter after the tenth in an hour, and the maximum while too many letters wait for an
    answer."""
    if unanswered(line) >= conditions.most():
        return MAX_ITERATIONS
    seen = signs.look(line, now=now)
    beyond = begun_lately(line, now=now) - FREE_AN_HOUR + 1
    rising = min(MAX_ITERATIONS, max(0, beyond) * MIN_ITERATIONS)
    return max(round(rising * settings.WORK_SCALE), seen.pressure.work if seen else 0)


def unanswered(line: str) -> int:
    """Returns how many letters of a line wait for an answer, including drafts."""
    waiting = (Written.DRAFT, *states.UNANSWERED)
    return Conversation.objects.filter(line=line, written__in=waiting, state__in=states.OPEN).count()


def begun_lately(line: str, *, now: datetime) -> int:
    """Returns how many letters were begun in the last hour."""
    return Letter.objects.filter(
        conversation__line=line, conversation__opened_at__gt=now - timedelta(hours=1)
    ).count()


@transaction.atomic
def _begin(
    found: Line, locale: str, urgency: int, promise: Promise, *, slot: Slot, socket: str, now: datetime
) -> Opened:
    conversation = opening.new_conversation(found, locale, urgency, slot=slot, now=now)
    conversation.state, conversation.written = states.Conversation.ACTIVE, Written.DRAFT
    conversation.expires_at = promise.ends
    seats = opening.first_seats(conversation, now=now)
    letters = _letters_seat(conversation, promise.key, now=now)
    seats = Seats(
        [*seats.members, letters],
        {**seats.certs, **({letters.pk: promise.cert} if promise.cert else {})},
    )
    opened = opening.store(conversation, seats, socket=socket, now=now)
    Letter.objects.create(conversation=conversation, ends_at=promise.ends)
    _require_goes_on(found)
    return replace(opened, letters=letters, letters_cert=promise.cert, due=promise.due)


def _letters_seat(conversation: Conversation, key: bytes, *, now: datetime) -> Member:
    """Returns the unsaved letters seat. The alias is empty, because this seat belongs to no person."""
    seat = joining.key_seat(conversation, states.SeatRole.LETTERS, key, now=now)
    seat.alias = ""
    return seat


def _require_goes_on(found: Line) -> None:
    """Raises TryAgain if one of the line's keys was replaced after the line was read: the shares of the
    earlier key may be deleted before this transaction commits. Raises NoLetters if the line has ended. This
    function must be called last, because it locks the line."""
    line = Line.objects.select_for_update(no_key=True).get(pk=found.pk)
    if line.ended:
        raise conditions.NoLetters
    if (line.review_key, line.letters_key) != (found.review_key, found.letters_key):
        raise TryAgain
