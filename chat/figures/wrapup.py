"""The coded form after a conversation. It feeds the counters, five at a time, and holds no text."""

from datetime import datetime

from django.db import transaction

from chat import states
from chat.care import carrying
from chat.figures import batches, counters
from chat.figures import codes as codes_of_lines
from chat.figures.published import CROSSED, SUBJECT
from chat.models import Conversation, Member, Slot
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, NotFound

WEIGHT, HEAVY = "weight", "heavy"


def wrap_up(person: Person, conversation: str, codes: dict[str, str], *, now: datetime) -> None:
    """By whoever held a staff seat, also afterwards. BadFrame for what the line's form has not.

    A conversation that was passed on has several forms: the first one codes it, and each person tells once
    how heavy it was.
    """
    _wrap_up(person, conversation, codes, [batches.take_slot(now) for _ in range(2)], now=now)


@transaction.atomic
def _wrap_up(
    person: Person, conversation: str, codes: dict[str, str], slots: list[Slot], *, now: datetime
) -> None:
    seats = Member.objects.filter(conversation=conversation, person=person, role__in=states.STAFF)
    # What only a hold keeps is gone for whoever sat there: they do not learn that it is held.
    seats = seats.filter(conversation__gone_at=None)
    seat = seats.select_related("conversation").order_by("-joined_seq").first()
    if seat is None:
        raise NotFound
    known = codes_of_lines.of_line(seat.conversation.line_id)
    if any(code not in known.get(name, ()) for name, code in codes.items()):
        raise BadFrame
    about_caller = {name: code for name, code in codes.items() if name != WEIGHT}
    counts = about_caller if about_caller and _codes_first(conversation) else {}
    if WEIGHT in codes and not seats.filter(wrapped_up=True).exclude(pk=seat.pk).exists():
        counts = counts | {WEIGHT: codes[WEIGHT]}
    # One form a seat: sent twice it would be counted twice.
    if not Member.objects.filter(pk=seat.pk, wrapped_up=False).update(wrapped_up=True):
        raise Conflict
    if counts.get(WEIGHT) == HEAVY and seat.role in states.LINE_STAFF:
        carrying.carry(person, seat.conversation.line_id, now=_over_at(seat, now), heavy=1)
    line = seat.conversation.line_id
    single, crossed = slots
    batches.wait(line, FORM, counts, slot=single, now=now)
    batches.wait(line, CROSS, _together(counts), slot=crossed, now=now)


def _codes_first(conversation: str) -> bool:
    """Of two forms at once the second waits here, and finds it coded."""
    return bool(Conversation.objects.filter(pk=conversation, coded=False).update(coded=True))


def _over_at(seat: Member, now: datetime) -> datetime:
    """The form may be filled in on a later day than the conversation weighed on."""
    return min(filter(None, (seat.left_at, seat.conversation.ended_at, now)))


def _together(codes: dict[str, str]) -> dict[str, str]:
    """What is told in pairs with the subject; a subject alone is in the form already."""
    told = {name: codes[name] for name in (SUBJECT, *CROSSED) if name in codes}
    return told if SUBJECT in told and len(told) > 1 else {}


def _pairs(told: batches.Answers) -> list[counters.Counter]:
    return [(f"cross_{name}", f"{told[SUBJECT]}:{code}") for name, code in told.items() if name != SUBJECT]


FORM = batches.Kind("form", lambda _: "", lambda told: [(f"wrapup_{name}", told[name]) for name in told])
# Five of one subject: of five different ones each pair would be somebody's, and three pairs a form.
CROSS = batches.Kind("cross", lambda told: told[SUBJECT], _pairs)
