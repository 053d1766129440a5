"""Who is here: leases of sockets, renewed by their frames. Nobody counts connects and disconnects."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from chat import bells, states
from chat.conversation.seats import Seat, require_seat
from chat.models import Conversation, Lease, Member, Members
from helpline.lib.errors import Ended


@transaction.atomic
def arrive(socket: str, *, member: str | None = None, device: str | None = None, now: datetime) -> None:
    """A socket that speaks for a seat, or for every seat of a device."""
    Lease.objects.update_or_create(
        socket=socket, defaults={"member_id": member, "device_id": device, "heard_at": now}
    )
    _turn(_seats_of(member, device).filter(here=False), here=True, at=now)


@transaction.atomic
def renew(sockets: Collection[str], *, heard_since: datetime, now: datetime) -> set[str]:
    """Renews the leases of sockets that sent a frame after `heard_since`; those that still have one."""
    leases = Lease.objects.filter(socket__in=sockets)
    leases.update(heard_at=now)
    rows = list(leases.values_list("socket", "member", "device"))
    members = [member for _, member, _ in rows if member]
    devices = {device for _, _, device in rows if device}
    if members or devices:
        seats = Member.objects.present().filter(Q(pk__in=members) | Q(device__in=devices), here=False)
        _turn(seats.exclude(role=states.SeatRole.REVIEW), here=True, at=now)
    # A frame from before the passing over is no sign of life after it.
    show_life(members, heard_since=heard_since)
    return {socket for socket, _, _ in rows}


@transaction.atomic
def show_life(callers: Collection[str], *, heard_since: datetime) -> None:
    """Callers who were passed over before `heard_since`, and have sent a frame: they may be handed out."""
    passed = Conversation.objects.filter(members__in=callers, passed_over_at__lt=heard_since)
    rows = list(passed.values_list("pk", "line"))
    Conversation.objects.filter(pk__in=[pk for pk, _ in rows]).update(passed_over_at=None)
    for _, line in rows:
        bells.ring_on_commit(bells.QueueChanged(line))


@transaction.atomic
def depart(socket: str, *, now: datetime) -> None:
    """A closed socket. Its seats are away, unless another socket speaks for them."""
    lease = Lease.objects.filter(socket=socket).first()
    if lease is None:
        return  # a newer tab took over
    lease.delete()
    _turn(_seats_of(lease.member_id, lease.device_id).filter(~_has_lease(), here=True), here=False, at=now)


def drop_older(socket: str, member: str) -> None:
    """A caller's newest tab is the only one that speaks for the seat."""
    Lease.objects.filter(member=member).exclude(socket=socket).delete()


@transaction.atomic
def expire(*, now: datetime) -> None:
    """Seats whose sockets have all been silent for HERE are away, since their last frame."""
    of_staff = Q(device__isnull=False) | Q(member__role__in=states.STAFF)
    silent = Lease.objects.filter(
        # Where STAFF_LEASE is the shorter of the two, it ends a staff seat's lease too.
        Q(heard_at__lt=now - settings.HERE) | (of_staff & Q(heard_at__lt=now - settings.STAFF_LEASE))
    )
    for lease in silent:
        if silent.filter(pk=lease.pk).delete()[0]:
            seats = _seats_of(lease.member_id, lease.device_id)
            _turn(seats.filter(~_has_lease(), here=True), here=False, at=lease.heard_at)


def others(seat: Seat) -> dict[str, tuple[bool, int]]:
    """Who else sits there: member → (here, last entry seen). Review is a key, not somebody."""
    require_seat(seat)
    rows = Member.objects.present().filter(conversation=seat.conversation)
    rows = rows.exclude(pk=seat.member).exclude(role=states.SeatRole.REVIEW)
    return {pk: (here, seen) for pk, here, seen in rows.values_list("pk", "here", "seen_seq")}


def type_along(seat: Seat, *, told: bool) -> None:
    """Somebody is typing: stored nowhere, and `told` to the others unless it was told just now."""
    if not require_seat(seat).conversation.is_open:
        raise Ended
    if told:
        bells.ring(bells.Typing(seat.conversation, seat.member))


def _seats_of(member: str | None, device: str | None) -> Members:
    if member is not None:
        return Member.objects.present().filter(pk=member)
    if device is not None:
        return Member.objects.present().filter(device=device)
    return Member.objects.none()  # a console without a device speaks for nobody


def _has_lease() -> Q:
    by_seat = Lease.objects.filter(member=OuterRef("pk"))
    by_device = Lease.objects.filter(device=OuterRef("device"))
    return Q(Exists(by_seat)) | Q(Exists(by_device))


def _turn(seats: QuerySet[Member], *, here: bool, at: datetime) -> None:
    turning = list(
        seats.values_list("pk", "role", "conversation", "conversation__line", "conversation__state")
    )
    # The condition stands again in the UPDATE: who turned in between is not turned back.
    Member.objects.filter(pk__in=[row[0] for row in turning], here=not here).update(
        here=here, presence_since=at
    )
    for _, role, conversation, line, state in turning:
        bells.ring_on_commit(bells.PeopleChanged(conversation))
        if role == states.SeatRole.CALLER and state == states.Conversation.WAITING:
            bells.ring_on_commit(bells.QueueChanged(line))
