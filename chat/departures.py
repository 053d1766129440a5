"""Getting up: a seat that leaves, and what becomes of a caller who would be alone."""

from datetime import datetime

from chat import bells, log, queue, states
from chat.models import Conversation, Member, Members
from chat.seats import Seat, hold, lock_conversation, present
from helpline.lib.errors import Conflict


def leave(seat: Seat, *, now: datetime) -> None:
    """A staff member leaves. Conflict while nobody else is granted: close it, or hand over first."""
    member = hold(seat, lock=True)
    if member.conversation.is_open and not any(
        other.is_staff and other.is_granted for other in present(seat.conversation) if other.pk != member.pk
    ):
        raise Conflict
    get_up(member, "left", now=now)


def lose(member: str, *, away_since: datetime, now: datetime) -> bool:
    """A staff seat whose console stayed away too long. False when it came back just before."""
    return _get_up_if(Member.objects.filter(here=False, turned_at__lte=away_since), member, "lost", now=now)


def release(member: str, *, now: datetime) -> bool:
    """A seat that the caller's browser did not let in. False when the grant came just before."""
    if not _get_up_if(Member.objects.filter(granted_at=None), member, "released", now=now):
        return False
    conversation = Member.objects.values_list("conversation", flat=True).get(pk=member)
    Conversation.objects.filter(pk=conversation, state=states.Conversation.WAITING).update(passed_over_at=now)
    return True


def _get_up_if(still: Members, member: str, reason: str, *, now: datetime) -> bool:
    conversation = Member.objects.values_list("conversation", flat=True).get(pk=member)
    locked = lock_conversation(conversation)
    # Read under the lock: a grant, a return or a purge may have been faster than this sweep.
    found = still.filter(pk=member, left_seq=None).first()
    if found is None or not locked.is_open:
        return False
    found.conversation = locked
    get_up(found, reason, now=now)
    return True


def get_up(member: Member, reason: str, *, now: datetime) -> None:
    """The seat leaves; the caller goes to the front of the queue when that leaves them alone."""
    conversation = member.conversation
    entry = log.append(conversation, "left", by=member.pk, at=now, member=member.pk, reason=reason)
    member.left_seq = entry.seq
    member.left_at = now
    member.save(update_fields=["left_seq", "left_at"])
    if member.person_id is not None:
        bells.ring_on_commit(bells.Bell(bells.person(member.person_id), "people"))
    if conversation.state == states.Conversation.ACTIVE and not any(
        other.is_staff and (other.is_granted or other.may_still_be_granted(now))
        for other in present(conversation.pk)
    ):
        queue.requeue(conversation, now=now)
