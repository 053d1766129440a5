"""Moves callers to the front of the queue: callers who lost their counsellor, and callers whom a supervisor
moves."""

from datetime import datetime

from django.db import transaction

from chat import bells, line_scope, states
from chat.conversation import joining, log
from chat.handoff import invitation_states
from chat.models import Conversation, Line, Member
from chat.queue import rank
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict


def requeue(conversation: Conversation, *, now: datetime) -> None:
    """Moves a caller who has lost their staff to the front of the queue, but behind callers who lost theirs
    earlier."""
    first = rank.of_requeued(conversation.line_id, now)
    won = Conversation.objects.filter(
        pk=conversation.pk, state__in=states.sources(states.Conversation.WAITING)
    ).update(
        state=states.Conversation.WAITING,
        rank=first,
        requeued=True,
        requeued_at=now,
        moved="",
        passed_over_at=None,
    )
    if won:
        conversation.state = states.Conversation.WAITING
        invitation_states.withdraw_open(conversation, now=now)
        log.append(conversation, "requeued", at=now)
        joining.seat_review_again(conversation, now=now)
        bells.ring_on_commit(bells.QueueChanged(conversation.line_id))


def pass_over(conversation: str, *, now: datetime) -> None:
    """Marks a waiting caller whose browser did not let in the counsellor in time. From the second time in a
    row, the caller waits behind everybody who waits now: a page that sends beats and never grants would
    otherwise be first again each time, and hold up the whole line."""
    waits = Conversation.objects.filter(pk=conversation, state=states.Conversation.WAITING)
    waits.update(passed_over_at=now)
    seats = Member.objects.staff().filter(conversation=conversation).order_by("-joined_at")
    if [seat.was_released for seat in seats[:2]] == [True, True]:
        waits.update(rank=rank.at(now))


@transaction.atomic
def move_to_front(supervisor: Person, conversation: str, reason: str) -> None:
    """Moves a caller to the front of the queue of one of the supervisor's lines. Raises Conflict if the
    caller no longer waits."""
    line = line_scope.line_of_own_conversation(supervisor, conversation)
    # The lock makes the second of two simultaneous moves wait: otherwise both callers could get the same
    # rank.
    Line.objects.select_for_update(no_key=True).get(pk=line)
    moving = rank.waiting(line).filter(pk=conversation)
    if not moving.update(rank=rank.smallest(line, 0) - 1, moved=reason):
        raise Conflict
    audit.record(supervisor, "queue_front", subject=moving.get().recorded_as, detail=reason)
    bells.ring_on_commit(bells.QueueChanged(line))
