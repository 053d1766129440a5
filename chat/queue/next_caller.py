"""Next: the caller at the head of the queue is handed to the counsellor who asked."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists

from chat import bells, states
from chat.conversation import joining
from chat.models import Conversation, Member
from chat.queue import rank
from counsellors import devices, duty
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound
from helpline.lib.locks import LockTimeout, lock_timeout


@transaction.atomic
def take_next(person: Person, device: str | None, line: str | None, *, now: datetime) -> Member:
    """The first caller who is here and whom this person may serve, with a seat for the person.

    Conflict off duty, without a free slot or an approved device; NotFound when nobody is there to take.
    """
    approved = devices.require_approved(person, device)
    slots = duty.require_on_duty(person, now=now)
    if _conversations_of(person) >= slots:
        raise Conflict
    for candidate in _takeable(person, line):
        if _claim(candidate, now=now):
            # Read again: what was written up to the claim belongs to the log that the seat continues.
            conversation = Conversation.objects.select_related("line").get(pk=candidate)
            bells.ring_on_commit(bells.QueueChanged(conversation.line_id))
            return joining.join_staff(conversation, person, approved, states.SeatRole.COUNSELLOR, now=now)
    raise NotFound


def _takeable(person: Person, line: str | None) -> list[str]:
    """The first few of the person's lines: rivals may be faster with the very first."""
    lines = person.work.filter(line__isnull=False)
    if line is not None:
        lines = lines.filter(line=line)
    callers = Conversation.objects.filter(
        Exists(rank.caller_here()),
        line__in=lines.values("line"),
        state=states.Conversation.WAITING,
        passed_over_at=None,
    )
    if person.languages:
        callers = callers.filter(locale__in=person.languages.split())
    return list(callers.order_by("rank", "pk").values_list("pk", flat=True)[:20])


def _claim(conversation: str, *, now: datetime) -> bool:
    """Of any number of rivals one gets True; a caller who left in between is claimed by nobody.

    False also when the row is held by somebody slow: no counsellor waits for that.
    """
    free = Conversation.objects.filter(
        Exists(rank.caller_here()),
        pk=conversation,
        state__in=states.sources(states.Conversation.ACTIVE),
        passed_over_at=None,
    )
    try:
        with lock_timeout():
            return bool(free.update(state=states.Conversation.ACTIVE, active_at=now))
    except LockTimeout:
        return False


def _conversations_of(person: Person) -> int:
    seats = Member.objects.present().filter(person=person, conversation__state__in=states.OPEN)
    return seats.values("conversation").distinct().count()
