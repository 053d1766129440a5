"""Changes the state of invitations, notifies everybody involved, and ends invitations that nobody
accepted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from chat import bells, states
from chat.conversation import log, missed
from chat.conversation.seats import lock_conversation
from chat.figures import counters
from chat.handoff.recipients import rings_for
from chat.models import Conversation, Entry, Invitation, Member
from chat.states import How
from helpline.lib.errors import Conflict

OPEN = states.INVITED


def change(
    invitation: Invitation,
    state: states.Invitation,
    *,
    now: datetime,
    lasts: timedelta | None = None,
    also_late: bool = False,
    tell: bool = True,
) -> None:
    """Makes one transition of `states.INVITATION`. Raises Conflict, with the invitation's state, if the
    transition is not allowed, or if the invitation's time is over and `also_late` is false."""
    expires_at = now + lasts if lasts else None
    row = Invitation.objects.filter(pk=invitation.pk, state__in=states.invitation_sources(state))
    if not also_late:
        row = row.filter(expires_at__gt=now)
    if not row.update(state=state, since=now, expires_at=expires_at, history=invitation.history):
        invitation.refresh_from_db(fields=["state", "expires_at"])
        raise Conflict(state=str(state_at(invitation, now)))
    counters.count_invitation(invitation, state, waited=now - invitation.since, now=now)
    invitation.state, invitation.since, invitation.expires_at = state, now, expires_at
    if tell:
        tell_everybody(invitation, now=now)


def end_unaccepted(
    invitation: Invitation, state: states.Invitation, *, now: datetime, also_late: bool = False
) -> None:
    """Ends an invitation that nobody accepted, and records it as missed if it was ringing. A handoff rings
    only after the caller's consent."""
    rang, since = invitation.state == states.Invitation.RINGING, invitation.since
    change(invitation, state, now=now, also_late=also_late)
    if rang:
        missed.note_call(invitation, since=since, now=now)


def locked(invitation: Invitation) -> Conversation:
    """Locks the conversation and reads the invitation again, because its state is reliable only under the
    lock. So is `history`: with the one from before the caller's yes, nobody for whom it rings would be told
    that it has ended."""
    conversation = lock_conversation(invitation.conversation_id)
    invitation.refresh_from_db(fields=["state", "since", "expires_at", "history", "member"])
    invitation.conversation = conversation
    return conversation


def is_over(invitation: Invitation, now: datetime) -> bool:
    return invitation.expires_at is not None and now >= invitation.expires_at


def state_at(invitation: Invitation, now: datetime) -> str:
    """Returns the state at `now`: an open invitation whose time is over counts as expired, even if the worker
    has not ended it yet."""
    over = invitation.state in OPEN and is_over(invitation, now)
    return states.Invitation.EXPIRED if over else invitation.state


def overdue(*, now: datetime) -> list[str]:
    late = Invitation.objects.filter(state__in=OPEN, expires_at__lte=now)
    return list(late.values_list("pk", flat=True))


def expire(pk: str, *, now: datetime) -> None:
    """Ends an invitation that nobody answered in time."""
    invitation = Invitation.objects.get(pk=pk)
    locked(invitation)
    if invitation.state in OPEN and is_over(invitation, now):
        end_unaccepted(invitation, states.Invitation.EXPIRED, now=now, also_late=True)


def end_overdue(conversation: Conversation, *, now: datetime) -> None:
    """Ends an invitation whose time is over before the worker does. If the worker is stopped, the invitation
    would otherwise keep anybody else from being asked. The conversation's row must be locked."""
    for invitation in _open(conversation, None):
        if is_over(invitation, now):
            end_unaccepted(invitation, states.Invitation.EXPIRED, now=now, also_late=True)


@transaction.atomic
def give_up(pk: str, *, now: datetime) -> None:
    """Ends an invitation whose link no longer works because too many wrong PINs were entered. The invitation
    expires, as if nobody had answered in time."""
    invitation = Invitation.objects.get(pk=pk)
    locked(invitation)
    if invitation.state == states.Invitation.RINGING:
        end_unaccepted(invitation, states.Invitation.EXPIRED, now=now, also_late=True)


def withdraw_open(conversation: Conversation, *, now: datetime, inviter: Member | None = None) -> None:
    """Withdraws the conversation's open invitations when the caller is requeued or the conversation ends.
    With `inviter`, withdraws only that seat's invitations, because a successor has taken over from that seat.
    The conversation's row must be locked."""
    for invitation in _open(conversation, inviter):
        change(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def withdraw_of_gone(inviter: Member, *, now: datetime) -> None:
    """Withdraws the open invitations of an inviter who left before anybody answered, and records those that
    were ringing as missed. The conversation's row must be locked."""
    for invitation in _open(inviter.conversation, inviter):
        end_unaccepted(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def withdraw_for_leaver(pk: str, *, now: datetime) -> None:
    """Withdraws an open invitation whose inviter or addressee leaves the organisation, and records the
    invitation as missed if it was ringing."""
    invitation = Invitation.objects.get(pk=pk)
    locked(invitation)
    if invitation.state in OPEN:
        end_unaccepted(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def win(invitation: Invitation, *, now: datetime) -> None:
    """Marks the invitation as accepted; the conversation's row must be locked. Raises Conflict, with the
    invitation's state, if somebody else accepted first or the invitation's time is over."""
    change(invitation, states.Invitation.JOINED, now=now, tell=False)


def sit_down(invitation: Invitation, member: Member, *, now: datetime) -> None:
    """Links the newcomer's seat to the invitation, and notifies everybody involved."""
    Invitation.objects.filter(pk=invitation.pk).update(member=member)
    invitation.member = member
    tell_everybody(invitation, now=now)


def tell_everybody(invitation: Invitation, *, now: datetime) -> None:
    """Appends a log entry for the change of state, and rings a bell for the inviter and for everybody to whom
    the invitation is shown."""
    handoff = invitation.how == How.HANDOFF
    log.append(
        invitation.conversation,
        "invited",
        by=invitation.inviter_id,
        at=now,
        audience=Entry.Audience.ALL if handoff else Entry.Audience.LINE,
        invitation=invitation.pk,
        how=str(invitation.how),
        to={"name": invitation.target, "service": invitation.service_id, "guest": invitation.guest},
        brief=invitation.brief,
        history=invitation.history,
        state=str(invitation.state),
    )
    ring(invitation, _everybody(invitation))


def ring(invitation: Invitation, people: Iterable[int]) -> None:
    for person in people:
        bells.ring_on_commit(bells.InvitationChanged(person, invitation.pk))


def ring_inviter(invitation: Invitation) -> None:
    """Notifies only the inviter that something on the inviter's card has changed."""
    if invitation.inviter.person_id is not None:
        ring(invitation, [invitation.inviter.person_id])


def _open(conversation: Conversation, inviter: Member | None) -> Iterable[Invitation]:
    found = conversation.invitations.filter(state__in=OPEN)
    return found if inviter is None else found.filter(inviter=inviter)


def _everybody(invitation: Invitation) -> set[int]:
    """Returns the inviter, the person who accepted, and those for whom the invitation rings. Before the
    caller consents to a handoff, the invitation rings for nobody."""
    has_rung = invitation.how != How.HANDOFF or invitation.history is not None
    people = rings_for(invitation) if has_rung else set()
    if invitation.member is not None and invitation.member.person_id is not None:
        people.add(invitation.member.person_id)
    if invitation.inviter.person_id is not None:
        people.add(invitation.inviter.person_id)
    return people
