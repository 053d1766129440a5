"""Stores the wrap-up form: coded answers after a conversation, without any text. They are counted five at a
time."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from chat import states
from chat.care import carrying
from chat.figures import batches
from chat.figures import codes as codes_of_lines
from chat.figures.codes import CROSSED, SUBJECT
from chat.models import Conversation, Member, Members, Slot
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, NotFound

WEIGHT, HEAVY = "weight", "heavy"


def wrap_up(person: Person, conversation: str, codes: dict[str, str], *, now: datetime) -> None:
    """Stores the form of a person who has or had a staff seat. Raises BadFrame for codes that the line's form
    does not have, NotFound for a person without a seat, and Conflict for a second form of the same seat.

    A conversation that was handed over has several forms. Answers about the caller are counted only in the
    first of these forms. The answer to the question how heavy the conversation was is counted once for each
    person.
    """
    seat = _newest_seat(person, conversation)  # the checks come first, because a slot can be used only once
    known = codes_of_lines.of_line(seat.conversation.line_id)
    if any(code not in known.get(name, ()) for name, code in codes.items()):
        raise BadFrame
    if seat.wrapped_up:
        raise Conflict
    slots = batches.take_slots(len(codes) + len(CROSSED), now)
    _wrap_up(person, conversation, codes, slots, now=now)


@transaction.atomic
def _wrap_up(
    person: Person, conversation: str, codes: dict[str, str], slots: list[Slot], *, now: datetime
) -> None:
    seats, seat = _seats(person, conversation), _newest_seat(person, conversation)
    about_caller = {name: code for name, code in codes.items() if name != WEIGHT}
    counts = about_caller if about_caller and _codes_first(conversation) else {}
    if WEIGHT in codes and not seats.filter(wrapped_up=True).exclude(pk=seat.pk).exists():
        counts = counts | {WEIGHT: codes[WEIGHT]}
    # If the same form arrives twice at the same time, only one of the two requests changes the row and is
    # counted.
    if not Member.objects.filter(pk=seat.pk, wrapped_up=False).update(wrapped_up=True):
        raise Conflict
    if counts.get(WEIGHT) == HEAVY and seat.role in states.LINE_STAFF:
        carrying.carry(person, seat.conversation.line_id, now=_over_at(seat, now), heavy=1)
    line = seat.conversation.line_id
    batches.wait(line, list(answers_of(counts)), slots, now=now)


def _seats(person: Person, conversation: str) -> Members:
    """Returns the person's staff seats. The result is empty if only a hold still keeps the conversation, so
    that the person does not notice the hold."""
    seats = Member.objects.filter(conversation=conversation, person=person, role__in=states.STAFF)
    return seats.filter(conversation__gone_at=None)


def _newest_seat(person: Person, conversation: str) -> Member:
    seat = _seats(person, conversation).select_related("conversation").order_by("-joined_seq").first()
    if seat is None:
        raise NotFound
    return seat


def _codes_first(conversation: str) -> bool:
    """Marks the conversation as coded. Returns whether this form is the first: if two forms arrive at the
    same time, the second call waits here and returns False."""
    return bool(Conversation.objects.filter(pk=conversation, coded=False).update(coded=True))


def _over_at(seat: Member, now: datetime) -> datetime:
    """Returns when the conversation was over for this seat. A heavy conversation counts for the day of this
    time, even if the form is sent on a later day."""
    return min(filter(None, (seat.left_at, seat.conversation.ended_at, now)))


def answers_of(codes: dict[str, str]) -> Iterator[batches.Answer]:
    """Yields each answer, and a pair (subject, answer) for each question in CROSSED that was answered."""
    for name, code in codes.items():
        yield batches.Answer(f"wrapup_{name}", code)
    subject = codes.get(SUBJECT)
    for name in CROSSED if subject else ():
        if name in codes:
            yield batches.Answer(f"cross_{name}", f"{subject}:{codes[name]}", among=str(subject))
