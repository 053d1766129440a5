"""Records which steps of the line's protocol the staff have taken in an acute conversation. Nothing that was
said is recorded."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from chat import line_scope, states
from chat.care import debriefs
from chat.conversation import risk
from chat.conversation.seats import Seat, require_seat
from chat.lines import templates
from chat.lines.templates import Step
from chat.models import AcuteStep, Conversation, Debrief, Member
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, Forbidden

How = AcuteStep.How

# A step in which staff tell the caller something is recorded as done, or with the reason why it was not done.
# "Not needed" is not a valid reason for these steps.
TOLD_OR_WHY_NOT = (How.DONE, How.CALLER_GONE, How.DANGER)


class CallerHere(Conflict):
    """The caller is still here: tell them first."""


@transaction.atomic
def take_step(seat: Seat, code: str, how: str, *, now: datetime) -> None:
    """Records a step. This is possible even after the conversation has ended. Raises Forbidden unless the
    seat belongs to the line's staff.

    Raises Conflict if the conversation was never flagged as acute. Also raises Conflict for a call to a third
    party while no recorded step says whether the caller was told about the call: the caller's page promises
    that callers are told. Raises CallerHere if `how` says that the caller has gone, but the caller is
    connected in an active chat. Raises BadFrame for a step that is not in the protocol, or a `how` that does
    not fit the step.
    """
    member = require_seat(seat, lock=True)
    if member.role not in states.LINE_STAFF or member.person is None:
        raise Forbidden
    conversation = member.conversation
    if conversation.acute_at is None:
        raise Conflict
    step = {one.code: one for one in protocol(conversation)}.get(code)
    if step is None or (step.tells and how not in TOLD_OR_WHY_NOT):
        raise BadFrame
    if not step.tells and how in (How.CALLER_GONE, How.DANGER):
        raise BadFrame
    if step.outside and how == How.DONE and not _was_told(conversation):
        raise Conflict
    if how == How.CALLER_GONE and _is_caller_here(conversation):
        raise CallerHere
    taken = {"how": how, "at": now, "by": member.person}
    AcuteStep.objects.update_or_create(conversation=conversation, code=code, defaults=taken)
    if not states.is_practice(conversation.line_id):
        audit.record(member.person, "acute_step", subject=conversation.recorded_as, detail=f"{code} {how}")
    risk.tell(conversation)


def protocol(conversation: Conversation) -> list[Step]:
    return templates.protocol(conversation.line.template)


def protocol_of(person: Person, line: str) -> tuple[list[Step], list[str]]:
    """Returns the steps of the line's protocol, and the slugs of its urgent services. Raises NotFound for a
    line that this person does not work for."""
    template = line_scope.own_line(person, line).template
    return templates.protocol(template), templates.read(template).urgent


def taken_in(conversations: Collection[str]) -> dict[str, list[AcuteStep]]:
    """Returns the steps taken in each of these conversations, oldest first."""
    found: dict[str, list[AcuteStep]] = {pk: [] for pk in conversations}
    rows = AcuteStep.objects.filter(conversation__in=conversations).select_related("by")
    for row in rows.order_by("at", "pk"):
        found[row.conversation_id].append(row)
    return found


def debrief_after(conversation: Conversation, *, now: datetime) -> None:
    """Requests a debrief for each of the line's staff who held a granted seat at any time after the
    conversation became acute."""
    if conversation.acute_at is None:
        return
    there = Q(left_at=None) | Q(left_at__gt=conversation.acute_at)
    seats = Member.objects.filter(there, conversation=conversation, role__in=states.LINE_STAFF)
    people = seats.exclude(granted_at=None).exclude(person=None).values_list("person", flat=True)
    debriefs.want([pk for pk in people if pk is not None], conversation.line_id, Debrief.Why.ACUTE, now=now)


def _is_caller_here(conversation: Conversation) -> bool:
    """Returns whether the caller is connected in an active chat. For a letter it returns False, because its
    caller reads it later."""
    if conversation.state != states.Conversation.ACTIVE or conversation.written or conversation.needs_code:
        return False
    callers = Member.objects.present().filter(conversation=conversation, role=states.SeatRole.CALLER)
    return callers.filter(here=True).exists()


def _was_told(conversation: Conversation) -> bool:
    telling = [step.code for step in protocol(conversation) if step.tells]
    return AcuteStep.objects.filter(conversation=conversation, code__in=telling).exists()
