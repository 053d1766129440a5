"""The wrap-up form: coded answers after a conversation. It feeds the counters, five at a time, and holds no
text."""

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
    """Stores the form of somebody who held a staff seat, also after they have left. Raises BadFrame for codes
    that the line's form lacks, NotFound without a seat, and Conflict for a second form of the same seat.

    A conversation that was handed over has several forms: only the first one codes it, and each person says
    once how heavy it was.
    """
    seat = _newest_seat(person, conversation)  # what can be refused is refused before a slot is used up
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
    # Each seat has one form, which must not be counted twice.
    if not Member.objects.filter(pk=seat.pk, wrapped_up=False).update(wrapped_up=True):
        raise Conflict
    if counts.get(WEIGHT) == HEAVY and seat.role in states.LINE_STAFF:
        carrying.carry(person, seat.conversation.line_id, now=_over_at(seat, now), heavy=1)
    line = seat.conversation.line_id
    batches.wait(line, list(answers_of(counts)), slots, now=now)


def _seats(person: Person, conversation: str) -> Members:
    """Returns the person's staff seats. There are none in a conversation that only a hold still keeps, so
    that they do not learn of the hold."""
    seats = Member.objects.filter(conversation=conversation, person=person, role__in=states.STAFF)
    return seats.filter(conversation__gone_at=None)


def _newest_seat(person: Person, conversation: str) -> Member:
    seat = _seats(person, conversation).select_related("conversation").order_by("-joined_seq").first()
    if seat is None:
        raise NotFound
    return seat


def _codes_first(conversation: str) -> bool:
    """Marks the conversation as coded. Returns whether this form is the first: of two simultaneous ones the
    second waits here, and gets False."""
    return bool(Conversation.objects.filter(pk=conversation, coded=False).update(coded=True))


def _over_at(seat: Member, now: datetime) -> datetime:
    """Returns when the conversation was over for this seat, which decides the day that it counts for. The
    form may be sent later."""
    return min(filter(None, (seat.left_at, seat.conversation.ended_at, now)))


def answers_of(codes: dict[str, str]) -> Iterator[batches.Answer]:
    """Yields each answer alone, and once more those that are counted together with the subject."""
    for name, code in codes.items():
        yield batches.Answer(f"wrapup_{name}", code)
    subject = codes.get(SUBJECT)
    for name in CROSSED if subject else ():
        if name in codes:
            yield batches.Answer(f"cross_{name}", f"{subject}:{codes[name]}", among=str(subject))
