"""The coded form after a conversation. It feeds the counters and holds no text about the caller."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chat import states
from chat.care import carrying
from chat.figures import codes as codes_of_lines
from chat.figures import counters, periods
from chat.figures.published import CROSSED, SUBJECT
from chat.models import Conversation, Member
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, NotFound

WEIGHT, HEAVY = "weight", "heavy"


@transaction.atomic
def wrap_up(person: Person, conversation: str, codes: dict[str, str], *, now: datetime) -> None:
    """By whoever held a staff seat, also afterwards. BadFrame for what the line's form has not.

    A conversation that was passed on has several forms: the first one codes it, and each person tells once
    how heavy it was.
    """
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
    counters.count_all({(f"wrapup_{name}", code): 1 for name, code in counts.items()}, line, now=now)
    # What two answers of one form say together is told of a month: an hour of it would be somebody.
    counters.count_all(_crossed(counts), line, now=_month_of(now))


def _codes_first(conversation: str) -> bool:
    """Of two forms at once the second waits here, and finds it coded."""
    return bool(Conversation.objects.filter(pk=conversation, coded=False).update(coded=True))


def _over_at(seat: Member, now: datetime) -> datetime:
    """The form may be filled in on a later day than the conversation weighed on."""
    return min(filter(None, (seat.left_at, seat.conversation.ended_at, now)))


def _crossed(codes: dict[str, str]) -> dict[counters.Counter, int]:
    subject = codes.get(SUBJECT)
    if subject is None:
        return {}
    return {(f"cross_{name}", f"{subject}:{codes[name]}"): 1 for name in CROSSED if name in codes}


def _month_of(now: datetime) -> datetime:
    return periods.midnight(timezone.localtime(now).date().replace(day=1))
