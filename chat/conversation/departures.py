"""Ends seats, and requeues a caller who would be left without staff."""

from datetime import datetime

from django.db import transaction

from chat import states
from chat.care import carrying
from chat.conversation import joining, log, missed
from chat.conversation.seats import Seat, lock_conversation, present, require_open_seat, require_seat
from chat.handoff import invitation_states
from chat.letters import waiting
from chat.models import Conversation, Invitation, Member, Members
from chat.queue import front
from counsellors import audit, devices
from counsellors.models import Person
from helpline.lib.errors import Conflict, Forbidden, NotFound

SUCCEEDED = ("handed_off", "transferred")  # a seat that ends for these reasons has a successor


@transaction.atomic
def leave(seat: Seat, *, now: datetime) -> None:
    """Ends a staff seat at the request of its holder. Raises Conflict while the conversation is open and no
    other staff seat is granted: the holder must first close or hand over the conversation."""
    member = require_seat(seat, lock=True)
    if member.conversation.is_open and not any(
        other.is_staff and other.is_granted for other in present(seat.conversation) if other.pk != member.pk
    ):
        raise Conflict
    get_up(member, "handed_off" if _has_handed_off(member) else "left", now=now)


@transaction.atomic
def take_over(conversation: str, person: Person, device: str | None, *, now: datetime) -> Member:
    """Moves the person's seat to this device: ends the old seat and makes a new one, in one transaction.
    Raises NotFound if the person has no seat in the conversation, Forbidden for partners, and Conflict if
    this device already holds the seat.
    """
    approved = devices.require_approved(person, device)
    seat = Member.objects.present().filter(conversation=conversation, person=person).first()
    if seat is None:
        raise NotFound
    member = require_open_seat(Seat(conversation, seat.pk, seat.role))
    if member.role == states.SeatRole.PARTNER:
        raise Forbidden
    if member.device_id == approved.pk:
        raise Conflict
    _write_left(member, "lost", now=now)
    carrying.count_talk(member, now=now)
    invitation_states.withdraw_open(member.conversation, now=now, inviter=member)
    accepted = _still_accepted(member)
    successor = joining.join_staff(
        member.conversation, person, approved, states.SeatRole(member.role), now=now, invitation=accepted
    )
    if accepted is not None:
        Invitation.objects.filter(pk=accepted.pk).update(member=successor)
    return successor


def _still_accepted(member: Member) -> Invitation | None:
    """Returns the invitation by which this seat joined, which goes on with the seat of the person's other
    device. A transfer is over once the seat was granted: a second grant must not end another seat."""
    invitation = Invitation.objects.filter(member=member).first()
    is_over = invitation is not None and invitation.how == states.How.TRANSFER and member.granted_at
    return None if is_over else invitation


def lose(member: str, *, away_since: datetime, now: datetime) -> bool:
    """Ends a staff seat whose console was away for too long. Returns False if the console has just come
    back."""
    return _get_up_if(
        Member.objects.filter(here=False, presence_since__lte=away_since), member, "lost", now=now
    )


def release(member: str, *, now: datetime) -> bool:
    """Ends a seat that the caller's browser did not grant in time. If the caller waits again, `next` skips
    them until a new frame comes from their browser. Returns False if the seat has just been granted."""
    if not _get_up_if(Member.objects.filter(granted_at=None), member, "released", now=now):
        return False
    front.pass_over(Member.objects.values_list("conversation", flat=True).get(pk=member), now=now)
    return True


@transaction.atomic
def expel(member: str, *, now: datetime) -> bool:
    """Ends a seat whose device was revoked, or whose holder signed out or no longer works for the line or
    service."""
    return _get_up_if(Member.objects.all(), member, "lost", now=now)


def _get_up_if(still: Members, member: str, reason: str, *, now: datetime) -> bool:
    try:
        locked = lock_conversation(Member.objects.values_list("conversation", flat=True).get(pk=member))
    except (Member.DoesNotExist, Conversation.DoesNotExist):  # its caller has just erased it
        return False
    # The seat is read under the lock: it may just have been granted, or its console may be back.
    found = still.filter(pk=member, left_seq=None).first()
    if found is None or not locked.is_open:
        return False
    found.conversation = locked
    get_up(found, reason, now=now)
    return True


def get_up(member: Member, reason: str, *, now: datetime) -> None:
    """Ends the seat. A caller who is left without staff goes to the front of the queue. The person's open
    invitations are withdrawn. A withdrawn invitation that was still ringing is recorded as missed, unless a
    successor has taken over the caller.

    A caller who can come back only by return code is requeued when they come back.
    """
    conversation = member.conversation
    _write_left(member, reason, now=now)
    if conversation.state in states.OPEN:  # when a conversation ends, endings.end does this
        carrying.count_talk(member, now=now)
    if reason in SUCCEEDED:
        invitation_states.withdraw_open(conversation, now=now, inviter=member)
    else:
        invitation_states.withdraw_of_gone(member, now=now)
    let_review_leave(conversation, now=now)
    if not conversation.needs_code:  # a caller who has left the page cannot be served until they return
        requeue_if_alone(conversation, now=now)
        if reason == "lost" and missed.is_missed(conversation):
            missed.note_lost(conversation, now=now)
    if member.is_guest and conversation.state in states.OPEN:  # when it ends, endings.end does this
        record_guest_left(member, reason)


def requeue_if_alone(conversation: Conversation, *, now: datetime) -> None:
    """Requeues the caller of a conversation, unless a staff seat is granted or may still be granted. A
    letter's caller is requeued only if they asked for a chat as well. In that case they return to the same
    place in the queue. The conversation's row must be locked."""
    if conversation.state == states.Conversation.ACTIVE and not any(
        other.is_staff and (other.is_granted or other.may_still_be_granted(now))
        for other in present(conversation.pk)
    ):
        if conversation.written:
            waiting.wait_again(conversation)
        else:
            front.requeue(conversation, now=now)


def record_guest_left(member: Member, reason: str) -> None:
    """Records in the audit log that a guest left. It must be called last in a transaction, because writing
    the row locks the audit for everybody else until the commit."""
    if states.is_practice(member.conversation.line_id):
        return
    detail = f"{member.service_id} {reason}"
    audit.record(None, "guest_left", subject=member.conversation.recorded_as, detail=detail)


def _write_left(member: Member, reason: str, *, now: datetime) -> None:
    entry = log.append(member.conversation, "left", by=member.pk, at=now, member=member.pk, reason=reason)
    member.left_seq, member.left_at = entry.seq, now
    member.save(update_fields=["left_seq", "left_at"])


def move(member: Member, *, now: datetime) -> None:
    """Completes a transfer: ends the inviter's seat after the caller's browser has granted the newcomer's
    seat."""
    invitation = Invitation.objects.filter(member=member, how=states.How.TRANSFER).first()
    if invitation is None:
        return
    # The seat is found by person: after sending the invitation, the inviter may have moved the seat to
    # another device.
    seats = Member.objects.present().filter(conversation=member.conversation_id)
    inviter = seats.filter(person=invitation.inviter.person_id).first()
    if inviter is not None:
        inviter.conversation = member.conversation
        get_up(inviter, "transferred", now=now)


def _has_handed_off(member: Member) -> bool:
    """Returns whether a partner from another service, whom this person invited, is present and granted."""
    invited = Invitation.objects.filter(
        conversation=member.conversation_id,
        inviter__person=member.person_id,
        how=states.How.HANDOFF,
        state=states.Invitation.JOINED,
    )
    return any(row.member is not None and row.member.is_granted for row in invited)


def let_review_leave(conversation: Conversation, *, now: datetime) -> None:
    """Ends the review seat if no staff of the line is present and a partner has a granted seat.

    The review seat does not end while a guest is present. Otherwise a counsellor could join as a guest and
    talk with a child, and nobody could read the conversation afterwards.
    """
    members = present(conversation.pk)
    line_is_there = any(
        member.role in (states.SeatRole.COUNSELLOR, states.SeatRole.COLLEAGUE) for member in members
    )
    partner = any(member.role == states.SeatRole.PARTNER and member.is_granted for member in members)
    if line_is_there or not partner or any(member.is_guest for member in members):
        return
    for review in members:
        if review.role == states.SeatRole.REVIEW:
            review.conversation = conversation
            _write_left(review, "left", now=now)
