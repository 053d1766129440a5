"""Decides which seat a socket has, which seat is in charge, and which requests a seat may send now."""

from dataclasses import dataclass

from chat import states
from chat.models import Conversation, Letter, Member
from counsellors.models import Person
from helpline.lib.errors import Conflict, Ended, Forbidden, Gone, NotFound, TakenOver

OF_A_TAKER = {"giveback", "close", "refer"}
IF_LET_IN = {"post", "typing", "note", "flag"}


@dataclass(frozen=True, slots=True)
class Seat:
    """Identifies the seat of a socket that presented a valid token or session. A Seat alone is no permission,
    because the seat may have ended in the meantime.

    `tab`: for the caller, the number of the tab. For the letters seat, the value of `Letter.takes` when the
    counsellor took the letter. For all other seats, 0.
    """

    conversation: str
    member: str
    role: str
    tab: int = 0


def require_seat(seat: Seat, *, lock: bool = False, also_after_left: bool = False) -> Member:
    """Returns the seat's row with its conversation. Every request and every delivery checks the seat again.

    Raises TakenOver for an older tab and NotFound for a seat that has left. Raises Gone after a quick exit,
    after the purge, and if the conversation is kept only because of a hold.
    """
    if lock:
        # The conversation is locked before the seat is read: one query for both could return the seat as it
        # was before the wait for the lock.
        Conversation.objects.select_for_update(no_key=True).filter(pk=seat.conversation).first()
    rows = Member.objects.select_related("conversation")
    member = rows.filter(pk=seat.member, conversation=seat.conversation).first()
    if member is None or member.conversation.gone_at is not None:
        raise Gone
    if seat.role == states.SeatRole.CALLER:
        conversation = member.conversation
        require_newest_tab(seat, has_token=conversation.token_hash is not None, tab=conversation.tab)
    elif member.left_seq is not None and not also_after_left:
        raise NotFound
    elif seat.role == states.SeatRole.LETTERS:
        member.person = _require_take(member.conversation, seat.tab).taker
    return member


def _require_take(conversation: Conversation, take: int) -> Letter:
    """Returns the letter if the counsellor of this `take` still has it, or had it until the conversation
    ended. `take` is the value of `Letter.takes` when that counsellor took the letter. Raises Gone
    otherwise."""
    letter = Letter.objects.select_related("taker").filter(pk=conversation.pk, takes=take).first()
    if letter is None or conversation.written != states.Written.TAKEN:
        raise Gone
    return letter


def require_open_seat(seat: Seat) -> Member:
    """Locks the conversation's row and returns the seat. Raises Ended if the conversation is over."""
    member = require_seat(seat, lock=True)
    if not member.conversation.is_open:
        raise Ended
    return member


def lock_for_caller(seat: Seat) -> tuple[Conversation, list[Member]]:
    """Checks a caller's seat as `require_open_seat` does. Returns the locked conversation and everybody
    present, in two statements."""
    conversation = Conversation.objects.select_for_update(no_key=True).filter(pk=seat.conversation).first()
    if conversation is None or conversation.gone_at is not None:
        raise Gone
    require_newest_tab(seat, has_token=conversation.token_hash is not None, tab=conversation.tab)
    if not conversation.is_open:
        raise Ended
    return conversation, present(seat.conversation)


def lock_conversation(pk: str) -> Conversation:
    return Conversation.objects.select_for_update(no_key=True).get(pk=pk)


def require_newest_tab(seat: Seat, *, has_token: bool, tab: int) -> None:
    """Raises Gone after a quick exit, TakenOver for an older tab."""
    if not has_token:
        raise Gone
    if tab != seat.tab:
        raise TakenOver


def present(conversation: str) -> list[Member]:
    return list(Member.objects.present().filter(conversation=conversation))


def in_charge(members: list[Member]) -> Member | None:
    """Returns the granted staff seat that is in charge. Counsellors come before partners, and partners before
    colleagues; within a role, the first that joined is in charge."""
    granted = [member for member in members if member.is_staff and member.is_granted]
    order = {role: place for place, role in enumerate(states.STAFF)}
    return min(
        granted, key=lambda member: (order[states.SeatRole(member.role)], member.joined_seq), default=None
    )


def require_in_charge(seat: Seat) -> Member:
    """Locks the conversation's row and returns the seat if it is in charge. Raises Forbidden for any other
    seat. For a letter, the counsellor who took it is in charge."""
    member = require_open_seat(seat)
    if seat.role == states.SeatRole.LETTERS:
        return member
    leader = in_charge(present(seat.conversation))
    if leader is None or leader.pk != member.pk:
        raise Forbidden
    return member


def allowed(seat: Seat) -> list[str]:
    """Returns the requests that this staff seat may send now, sorted. The console offers only these."""
    return allowed_among(require_seat(seat), present(seat.conversation))


def allowed_among(member: Member, members: list[Member]) -> list[str]:
    """Does the same as `allowed`, for a seat whose row was just read. `members`: everybody present."""
    requests = {"open", "seen", "sync", "beat"}
    if member.role == states.SeatRole.LETTERS:
        is_let_in = member.epoch == member.conversation.epoch > 0
        return sorted(requests | OF_A_TAKER | (IF_LET_IN if is_let_in else set()))
    if not member.conversation.is_open:
        return sorted(requests | ({"leave"} if member.person_id is None else {"leave", "wrapup"}))
    if member.epoch == member.conversation.epoch > 0:
        requests |= {"post", "typing"}
    if any(other.is_staff and other.is_granted for other in members if other.pk != member.pk):
        requests.add("leave")
    if member.role != states.SeatRole.PARTNER:
        requests |= {"note", "flag"} if "post" in requests else set()
    leader = in_charge(members)
    if leader is not None and leader.pk == member.pk:
        requests |= {"close"} if member.person_id is None else {"close", "refer"} | _inviting(member)
        requests |= {"unserious"} if member.role in states.LINE_STAFF else set()
    return sorted(requests)


def _inviting(member: Member) -> set[str]:
    """Returns the request about invitations that the seat may send: `withdraw` if an invitation is open,
    `invite` otherwise. A conversation has at most one open invitation."""
    invited = member.conversation.invitations.filter(state__in=states.INVITED)
    return {"withdraw"} if invited.exists() else {"invite"}


def seats_of(person: Person) -> list[Member]:
    """Returns the seats that this person has not left, with their conversations."""
    seats = Member.objects.present().filter(person=person).select_related("conversation")
    return list(seats.order_by("joined_at"))


def seat_in(conversation: str, person: Person, device: str | None) -> Seat:
    """Returns this person's seat, or the letters seat if they were the last person who took the letter. Each
    later request checks whether they still have the letter. Raises NotFound if they have no seat in the
    conversation, and Conflict if another device holds the seat."""
    own = own_member(conversation, person, device)
    if own is not None:
        return Seat(conversation, own.pk, own.role)
    letter = Letter.objects.filter(pk=conversation, taker=person).first()
    members = Member.objects.present().filter(conversation=conversation, role=states.SeatRole.LETTERS)
    member = members.select_related("conversation").first() if letter else None
    if letter is None or member is None:
        raise NotFound
    if member.conversation.written == states.Written.TAKEN:
        _require_device(letter.device_id, device)
    elif letter.device_id != device:
        raise NotFound
    return Seat(conversation, member.pk, member.role, letter.takes)


def own_member(conversation: str, person: Person, device: str | None) -> Member | None:
    """Returns the row of the person's own seat, with its conversation, or None. Raises Conflict if another
    device holds the seat, and Gone if the conversation is kept only because of a hold."""
    rows = Member.objects.present().select_related("conversation")
    member = rows.filter(conversation=conversation, person=person).first()
    if member is not None:
        _require_device(member.device_id, device)
        if member.conversation.gone_at is not None:
            raise Gone
    return member


def _require_device(holds: str | None, device: str | None) -> None:
    if holds != device:
        raise Conflict
