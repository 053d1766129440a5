"""Records which seats are connected. A seat is connected while one of its sockets has a lease. The socket's
frames renew the lease; an open connection alone does not count."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from chat import bells, states
from chat.conversation.seats import Seat, present, require_seat
from chat.models import Conversation, Lease, Member, Members
from counsellors import duty
from helpline.lib.errors import Ended

# The last column says whether a seat of the lease is marked as away, or its caller was passed over. Usually
# neither is the case, and nothing more has to be done.
RENEW = """
    UPDATE chat_lease SET heard_at = %s WHERE socket IN ({})
    RETURNING socket, member_id, device_id, EXISTS (
        SELECT 1 FROM chat_member AS seat JOIN chat_conversation AS talk ON talk.id = seat.conversation_id
        WHERE seat.left_seq IS NULL AND (
            (NOT seat.here AND seat.role NOT IN ('review', 'letters')
                AND (seat.id = chat_lease.member_id OR seat.device_id = chat_lease.device_id))
            OR (seat.id = chat_lease.member_id AND talk.passed_over_at < %s)))"""

LONG_AGO = datetime.min.replace(tzinfo=UTC)  # `writable_since` if the database was always writable


class There(NamedTuple):
    """Describes the presence of a member as the others see it. `seen`: the number of the last entry that the
    member has read. `code`: whether this is a caller who can come back only by return code."""

    here: bool
    seen: int
    code: bool = False


type People = dict[str, There]  # by member, without seats that belong to a key of the line


@transaction.atomic
def arrive(socket: str, *, member: str | None = None, device: str | None = None, now: datetime) -> None:
    """Registers a socket for one seat, or for every seat of a device."""
    Lease.objects.update_or_create(
        socket=socket, defaults={"member_id": member, "device_id": device, "heard_at": now}
    )
    _turn(_seats_of(member, device).filter(here=False), here=True, at=now)


def sit_down(socket: str, caller: str, *, now: datetime) -> None:
    """Registers a socket for a caller's seat that was just made. It rings no bell, because nobody else is
    present."""
    Lease.objects.create(socket=socket, member_id=caller, heard_at=now)


@transaction.atomic
def renew(heard: Mapping[str, datetime], *, now: datetime, on_duty: Collection[int] = ()) -> set[str]:
    """Renews the leases of sockets. Returns the sockets that still have a lease. `heard`: the time of each
    socket's newest frame.

    The duty of the people in `on_duty` is renewed in the same transaction, so that lease and duty end
    together.
    """
    with connection.cursor() as cursor:
        at = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(RENEW.format(", ".join(["%s"] * len(heard))), [at, *heard, at])
        rows = cursor.fetchall()
    duty.renew(on_duty, now=now)
    changed = [(socket, member, device) for socket, member, device, has_changed in rows if has_changed]
    if changed:
        members = {member: heard[socket] for socket, member, _ in changed if member}
        devices = {device for _, _, device in changed if device}
        seats = Member.objects.present().filter(Q(pk__in=members) | Q(device__in=devices), here=False)
        _turn(seats.exclude(role__in=states.KEYS), here=True, at=now)
        show_life(members)
    return {socket for socket, *_ in rows}


@transaction.atomic
def show_life(callers: Mapping[str, datetime]) -> None:
    """Makes callers who were passed over eligible for `next` again. `callers`: the time of each member's
    newest frame. A frame that came before the caller was passed over does not count."""
    passed = Conversation.objects.exclude(passed_over_at=None).filter(members__in=callers)
    for pk, line, member in list(passed.values_list("pk", "line", "members")):
        if Conversation.objects.filter(pk=pk, passed_over_at__lt=callers[member]).update(passed_over_at=None):
            bells.ring_on_commit(bells.QueueChanged(line))


@transaction.atomic
def depart(*sockets: str, now: datetime) -> None:
    """Removes the leases of closed sockets. Marks their seats as away, except seats that have another socket,
    for example that of a newer tab."""
    leases = Lease.objects.filter(socket__in=sockets)
    rows = list(leases.values_list("member", "device"))
    leases.delete()
    members, devices = ({row[which] for row in rows} - {None} for which in (0, 1))
    seats = Member.objects.present().filter(Q(pk__in=members) | Q(device__in=devices))
    _turn(seats.filter(~_has_lease(), here=True), here=False, at=now)


def drop_older(socket: str, member: str) -> None:
    """Removes the leases of the caller's older tabs: only the newest tab counts for the seat."""
    Lease.objects.filter(member=member).exclude(socket=socket).delete()


@transaction.atomic
def expire(*, now: datetime, writable_since: datetime = LONG_AGO) -> None:
    """Marks a seat as away if all its sockets have been silent for HERE. For staff the limit is STAFF_LEASE
    if that is shorter. The seat counts as away from the time of its last frame.

    `writable_since`: the time since which the database has been writable. Earlier frames may not have been
    recorded, so silence before this time does not count.
    """
    silent = _silent_for(settings.HERE, now, writable_since)
    if settings.STAFF_LEASE < settings.HERE:  # the shorter of the two ends a staff seat's lease
        of_staff = Q(device__isnull=False) | Q(member__role__in=states.STAFF)
        silent |= _silent_for(settings.STAFF_LEASE, now, writable_since).filter(of_staff)
    for lease in silent:
        if silent.filter(pk=lease.pk).delete()[0]:
            seats = _seats_of(lease.member_id, lease.device_id)
            _turn(seats.filter(~_has_lease(), here=True), here=False, at=lease.heard_at)


def _silent_for(span: timedelta, now: datetime, writable_since: datetime) -> QuerySet[Lease]:
    if now - writable_since < span:
        return Lease.objects.none()
    return Lease.objects.filter(heard_at__lt=now - span)


def others(seat: Seat) -> People:
    """Returns the presence of everybody in the conversation except this seat."""
    own = require_seat(seat)
    return among(present(seat.conversation), own.pk, own.conversation)


def others_of_all(some: Collection[Seat]) -> dict[str, People]:
    """Does the same as `others` for many seats, by member, in one query. It does not check that the seats are
    still valid."""
    rows = Member.objects.present().filter(conversation__in={seat.conversation for seat in some})
    there: defaultdict[str, list[Member]] = defaultdict(list)
    of_conversation = (f"conversation__{fact}" for fact in ("state", "token_hash", "gone_at"))
    rows = rows.select_related("conversation").only("role", "here", "seen_seq", *of_conversation)
    for member in rows:
        there[member.conversation_id].append(member)
    shown: dict[str, People] = {}
    for seat in some:
        members = there[seat.conversation]
        shown[seat.member] = among(members, seat.member, members[0].conversation) if members else {}
    return shown


def among(members: Iterable[Member], own: str, conversation: Conversation) -> People:
    """Returns the presence of these members of a conversation, except the seat `own`, to which it is
    shown."""
    shown = {}
    for member in members:
        if member.pk != own and member.role not in states.KEYS:
            code = member.role == states.SeatRole.CALLER and conversation.needs_code
            # A caller whose token was just invalidated is shown as away, even if the socket is still open.
            shown[member.pk] = There(member.here and not code, member.seen_seq, code)
    return shown


def type_along(seat: Seat, *, told: bool) -> None:
    """Rings a Typing bell for the other members if `told` is true. The consumer passes True only as often as
    the rate limit allows. Typing is never stored. Raises Ended if the conversation is over."""
    if not require_seat(seat).conversation.is_open:
        raise Ended
    if told:
        bells.ring(bells.Typing(seat.conversation, seat.member))


def _seats_of(member: str | None, device: str | None) -> Members:
    if member is not None:
        return Member.objects.present().filter(pk=member)
    if device is not None:
        return Member.objects.present().filter(device=device)
    return Member.objects.none()  # a console without a device has no seats


def _has_lease() -> Q:
    by_seat = Lease.objects.filter(member=OuterRef("pk"))
    by_device = Lease.objects.filter(device=OuterRef("device"))
    return Q(Exists(by_seat)) | Q(Exists(by_device))


def _turn(seats: QuerySet[Member], *, here: bool, at: datetime) -> None:
    facts = ("pk", "role", "conversation", "conversation__line", "conversation__state")
    # The rows are locked in one order to avoid a deadlock with another process that changes some of the same
    # seats.
    turning = list(seats.select_for_update(of=("self",)).order_by("pk").values_list(*facts))
    # The UPDATE repeats the condition, so that it does not change back a seat that changed after the query
    # above.
    Member.objects.filter(pk__in=[row[0] for row in turning], here=not here).update(
        here=here, presence_since=at
    )
    for _, role, conversation, line, state in turning:
        bells.ring_on_commit(bells.PeopleChanged(conversation))
        if role == states.SeatRole.CALLER and state == states.Conversation.WAITING:
            bells.ring_on_commit(bells.QueueChanged(line))
