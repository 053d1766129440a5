"""Lets supervisors approve and revoke the devices of people who work for the same line or service."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chat import bells, line_scope
from chat.conversation import departures
from chat.handoff import services
from chat.letters import takes
from chat.lines import addresses
from chat.models import Member
from chat.retention import demo_line_keys, line_keys
from chat.supervision import approvers, certificate_ends
from counsellors import audit, devices
from counsellors.certificates import demo_signer
from counsellors.models import Device, Person, Role
from counsellors.signin import sessions
from helpline.lib import scopes
from helpline.lib.errors import NotFound


def devices_for(supervisor: Person) -> list[Device]:
    return list(
        line_scope.own_devices(supervisor).select_related("person").order_by("person__alias", "enrolled_at")
    )


def who_may_approve(person: Person) -> list[str]:
    """Returns the aliases of the supervisors who may approve this person's devices."""
    others = line_scope.supervisors_over(person).exclude(pk=person.pk)
    return sorted(others.values_list("alias", flat=True))


@transaction.atomic
def approve(supervisor: Person, fingerprint: str) -> None:
    """Approves a device after its words were compared by voice. Raises NotFound for a device outside the
    supervisor's lines, and for a revoked one."""
    device = find(supervisor, fingerprint)
    waiting = Device.objects.filter(pk=device.pk, state=Device.State.PENDING)
    if waiting.update(state=Device.State.APPROVED):
        audit.record(supervisor, "approved", subject=device.pk)
        services.open_desk(device.person)
        tell(device)


@transaction.atomic
def prove(person: Person, proven: devices.Candidate, *, session: str | None = None, now: datetime) -> Device:
    """Records that this person's browser authenticated with its key. If the person is a supervisor, they
    count as an approver from then on (approvers.py)."""
    device = devices.register(person, proven, now=now)
    if session is not None:
        sessions.note_proven(session, device)
    approvers.note(person, now=now)
    if Role.Name.PARTNER in person.roles and device.state == Device.State.APPROVED:
        services.open_desk(person)  # the device may have been approved by the policy
    if demo_signer.is_here():
        places = certificate_ends.places_of(person)
        demo_signer.sign_scopes(places, now=now)
        demo_signer.list_pages(*addresses.of_lines())
        demo_signer.certify(device, places, now=now, is_new=device.enrolled_at == now)
        demo_line_keys.share_with(device)
    tell(device)
    return device


@scopes.checks("device")
def find(supervisor: Person, fingerprint: str) -> Device:
    """Returns the device. Raises NotFound for a device outside the supervisor's lines, and for a revoked
    one."""
    rows = line_scope.own_devices(supervisor).select_related("person")
    device = rows.filter(fingerprint=fingerprint).exclude(state=Device.State.REVOKED).first()
    if device is None:
        raise NotFound
    return device


def owner_of(pk: str) -> str:
    """Returns the handle of the device's owner, or "" if there is no such device."""
    return Device.objects.filter(pk=pk).values_list("person__handle", flat=True).first() or ""


def label_of(pk: str) -> str:
    return Device.objects.filter(pk=pk).values_list("label", flat=True).first() or ""


@transaction.atomic
def end(pk: str, by: Person | None, *, now: datetime) -> None:
    """Revokes a device, ends its seats and closes its sockets. The device gets no secrets of later epochs.
    Raises NotFound if there is no such device."""
    device = Device.objects.filter(pk=pk).select_related("person").first()
    if device is None:
        raise NotFound
    _end(device, by, Device.objects.all(), now=now)


def end_all(person: Person, by: Person, *, now: datetime) -> None:
    """Revokes every device of somebody who leaves."""
    for device in Device.objects.filter(person=person).select_related("person"):
        _end(device, by, Device.objects.all(), now=now)


def end_since(person: Person, by: Person, *, since: datetime, now: datetime) -> None:
    """Revokes the devices that were enrolled after `since`, because somebody else may have been signed in as
    this person since then."""
    for device in Device.objects.filter(person=person, enrolled_at__gte=since).select_related("person"):
        _end(device, by, Device.objects.all(), now=now)


@transaction.atomic
def ask_anew(person: Person) -> None:
    """Makes the devices of a person who gained a line, a service or a role wait for approval again, and ends
    their sessions: a supervisor approved the devices when the person had less access.

    It does nothing for supervisors, because each new line, service or role of a supervisor needs approval
    anyway.
    """
    if settings.DEVICE_APPROVAL != "supervisor" or Role.Name.SUPERVISOR in person.roles:
        return
    approved = list(
        Device.objects.filter(person=person, state=Device.State.APPROVED).select_related("person")
    )
    if not approved:
        return
    rows = Device.objects.filter(pk__in=[one.pk for one in approved])
    rows.update(state=Device.State.PENDING, was_approved=True)
    sessions.end_all(person, comes_back=True)
    audit.record(None, "approved_for_less", subject=person.handle)
    for device in approved:
        tell(device)


def end_unused(*, now: datetime) -> int:
    """Revokes devices that have not opened a console for UNUSED_AFTER: they may be lost, given away, or
    belong to somebody who left."""
    unused = Device.objects.exclude(state=Device.State.REVOKED).filter(
        used_at__lte=now - devices.UNUSED_AFTER
    )
    found = list(unused.select_related("person"))
    for device in found:
        with transaction.atomic():
            _end(device, None, unused, now=now)  # unless it has been used in the meantime
    return len(found)


def _end(device: Device, by: Person | None, among: QuerySet[Device], *, now: datetime) -> None:
    counting = among.filter(pk=device.pk).exclude(state=Device.State.REVOKED)
    if counting.update(state=Device.State.REVOKED):
        seats = Member.objects.present().filter(device=device).order_by("conversation")
        for seat in seats.values_list("pk", flat=True):
            departures.expel(seat, now=now)
        takes.end_on_device(device)
        line_keys.forget_shares([device.pk], now=now)
        services.close_desks(_services_of(device.person))
        # The conversations are locked before the audit, as everywhere: the opposite order could deadlock.
        audit.record(by, "revoked", subject=device.pk)
        sessions.end_where_proven(device)
        tell(device)
        bells.ring_on_commit(bells.AccessChanged(device.person_id))


def _services_of(person: Person) -> list[str]:
    return list(person.work.exclude(service=None).values_list("service", flat=True))


def tell(device: Device) -> None:
    """Notifies the owner of the device, and the supervisors who may approve it, that the device's state
    changed."""
    supervisors = line_scope.supervisors_over(device.person).values_list("pk", flat=True)
    for person in {device.person_id, *supervisors}:
        bells.ring_on_commit(bells.DeviceChanged(person, device.pk))


def device_for(person: Person, pk: str) -> Device | None:
    """Returns the device if the person owns it or is a supervisor who may approve it."""
    own = Device.objects.filter(pk=pk, person=person)
    return (own | line_scope.own_devices(person).filter(pk=pk)).select_related("person").first()
