"""Devices are approved by a supervisor of the line, after comparing eight words by voice."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chat.models import Conversation, Line, Member, Work
from chat.queue import next_caller
from chat.supervision import needs_approval, staff_devices
from counsellors import devices
from counsellors.certificates import eight_words
from counsellors.models import AuditRow, Device, Person, Role
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller, a_point, kinds
from tests.support.domain.rival import faster


@pytest.fixture(autouse=True)
def supervisors_approve(settings: Settings) -> None:
    settings.DEVICE_APPROVAL = "supervisor"


def a_supervisor(name: str, line: Line) -> Person:
    person = Person.objects.create_user(name.lower(), None, name)
    Role.objects.create(person=person, name=Role.Name.SUPERVISOR)
    Work.objects.create(person=person, line=line)
    return person


def a_new_device(who: Counsellor) -> Device:
    return devices.register(who.person, devices.candidate(who.person, a_point(), "new"), now=clock.now())


def test_a_new_device_waits_for_a_supervisor_of_the_line(carla: Counsellor, stopitnow: Line) -> None:
    floor, other = a_supervisor("Floor", Line.objects.get(pk="helpwanted")), a_supervisor("Otto", stopitnow)
    device = a_new_device(carla)
    assert device.state == Device.State.PENDING
    with pytest.raises(Conflict):
        next_caller.take_next(carla.person, device.pk, None, now=clock.now())
    for stranger in (other, carla.person):
        with pytest.raises(NotFound):
            staff_devices.approve(stranger, device.fingerprint)
    assert device in staff_devices.devices_for(floor)
    assert staff_devices.devices_for(other) == []
    staff_devices.approve(floor, device.fingerprint)
    device.refresh_from_db()
    assert device.state == Device.State.APPROVED
    assert AuditRow.objects.filter(action="approved", actor=floor.handle, subject=device.pk).exists()


def test_a_revoked_device_s_seats_leave_and_it_never_comes_back(carla: Counsellor) -> None:
    floor = a_supervisor("Floor", Line.objects.get(pk="helpwanted"))
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    needs_approval.revoke(floor, carla.device.fingerprint, lost=False, now=clock.now())
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert Conversation.objects.get().state == "waiting"
    assert not Member.objects.present().staff().exists()
    assert devices.of(carla.person, carla.device.pk) is None
    with pytest.raises(NotFound):
        staff_devices.approve(floor, carla.device.fingerprint)
    again = devices.candidate(carla.person, bytes(carla.device.key), "again")
    with pytest.raises(Conflict):
        devices.register(carla.person, again, now=clock.now())


def test_a_revocation_locks_the_audit_after_the_conversations_as_every_other_deed_does(
    carla: Counsellor,
) -> None:
    """In opposite order a revocation and a supervisor who ends a conversation would wait for each other."""
    floor = a_supervisor("Floor", Line.objects.get(pk="helpwanted"))
    a_caller()
    carla.takes_next()
    with CaptureQueriesContext(connection) as queries:
        needs_approval.revoke(floor, carla.device.fingerprint, lost=False, now=clock.now())
    tables = [query["sql"] for query in queries]
    audits = [at for at, sql in enumerate(tables) if "counsellors_audithead" in sql]
    conversations = [at for at, sql in enumerate(tables) if 'UPDATE "chat_conversation"' in sql]
    assert max(conversations) < min(audits)


def test_the_first_device_of_a_person_is_enough_under_the_policy_first(
    carla: Counsellor, settings: Settings
) -> None:
    settings.DEVICE_APPROVAL = "first"
    assert a_new_device(carla).state == Device.State.PENDING
    Device.objects.all().delete()
    assert a_new_device(carla).state == Device.State.APPROVED


def test_the_fingerprint_has_eight_of_2048_words_and_differs_with_the_key() -> None:
    one, other = a_point(), a_point()
    assert len(eight_words.listed()) == len(set(eight_words.listed())) == 2048
    spelled = devices.words_of(devices.fingerprint_of(one))
    assert len(spelled) == 8
    assert spelled == devices.words_of(devices.fingerprint_of(one))
    assert spelled != devices.words_of(devices.fingerprint_of(other))


def test_the_fingerprint_of_a_fixed_key_is_fixed() -> None:
    """The expected value was computed independently: SHA-256 of the label and 65 bytes of 4, eight times
    eleven bits."""
    key = bytes([4]) * 65
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(b"hl1 device" + key).digest())
    spelled = [eight_words.listed()[int(bits[start : start + 11], 2)] for start in range(0, 88, 11)]
    assert devices.words_of(devices.fingerprint_of(key)) == spelled


def test_the_command_approves_where_no_supervisor_can_yet(carla: Counsellor) -> None:
    device, out = a_new_device(carla), StringIO()
    call_command("approvedevice", stdout=out)
    assert device.pk in out.getvalue()
    assert " ".join(devices.words_of(device.fingerprint)) in out.getvalue()
    call_command("approvedevice", device.pk, stdout=out)
    device.refresh_from_db()
    assert device.state == Device.State.APPROVED
    assert AuditRow.objects.filter(action="approved", detail="command").exists()
    with pytest.raises(CommandError):
        call_command("approvedevice", device.pk)


def test_the_command_takes_the_name_of_who_has_one_that_waits_and_no_other(
    carla: Counsellor, daan: Counsellor
) -> None:
    device, out = a_new_device(carla), StringIO()
    call_command("approvedevice", carla.person.username, stdout=out)
    device.refresh_from_db()
    assert device.state == Device.State.APPROVED
    first, second = a_new_device(daan), a_new_device(daan)
    with pytest.raises(CommandError, match="2 devices that wait"):
        call_command("approvedevice", daan.person.username)
    for waiting in (first, second):
        waiting.refresh_from_db()
        assert waiting.state == Device.State.PENDING


def test_the_command_replaces_a_lost_last_device_and_the_lost_one_opens_nothing(carla: Counsellor) -> None:
    device = a_new_device(carla)
    call_command("approvedevice", carla.person.username, lost=True, stdout=StringIO())
    states = dict(Device.objects.filter(person=carla.person).values_list("pk", "state"))
    assert states == {device.pk: Device.State.APPROVED, carla.device.pk: Device.State.REVOKED}
    assert AuditRow.objects.filter(action="revoked", actor="", subject=carla.device.pk).exists()


def test_a_device_on_which_nobody_opened_a_console_for_ninety_days_counts_no_more(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    proven = devices.known(daan.person, daan.device.pk)
    assert proven is not None
    devices.register(daan.person, proven, now=now + timedelta(days=89))
    anna = a_caller()
    carla.takes_next()
    assert staff_devices.end_unused(now=now + timedelta(days=89)) == 0
    assert staff_devices.end_unused(now=now + timedelta(days=91)) == 1
    assert devices.of(carla.person, carla.device.pk) is None
    assert devices.of(daan.person, daan.device.pk) is not None
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert AuditRow.objects.filter(action="revoked", actor="", subject=carla.device.pk).exists()


# Somebody else is faster


def test_a_device_revoked_while_another_supervisor_approves_it_stays_revoked(carla: Counsellor) -> None:
    floor = a_supervisor("Floor", Line.objects.get(pk="helpwanted"))
    device = a_new_device(carla)
    revoked = {"state": Device.State.REVOKED}
    with faster('UPDATE "counsellors_device"', lambda: Device.objects.filter(pk=device.pk).update(**revoked)):
        staff_devices.approve(floor, device.fingerprint)
    assert Device.objects.get(pk=device.pk).state == Device.State.REVOKED
    assert not AuditRow.objects.filter(action="approved").exists()


def test_of_two_who_revoke_a_device_one_is_on_record(carla: Counsellor) -> None:
    floor = a_supervisor("Floor", Line.objects.get(pk="helpwanted"))
    pk, revoked = carla.device.pk, {"state": Device.State.REVOKED}
    with faster('UPDATE "counsellors_device"', lambda: Device.objects.filter(pk=pk).update(**revoked)):
        needs_approval.revoke(floor, carla.device.fingerprint, lost=False, now=clock.now())
    assert not AuditRow.objects.filter(action="revoked").exists()


def test_no_id_is_taken_for_an_option_of_a_command(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first draw of sixteen bytes would begin with a hyphen."""
    draws = [bytes([0xF8]) + bytes(15)]
    monkeypatch.setattr("secrets.token_bytes", lambda size: draws.pop() if draws else bytes(size))
    device = a_new_device(carla)
    assert draws == []
    assert not device.pk.startswith("-")
    out = StringIO()
    call_command("approvedevice", device.pk, stdout=out)
    assert out.getvalue() == "approved\n"


def test_who_waits_for_approval_is_told_who_can_give_it(
    carla: Counsellor, floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    assert staff_devices.who_may_approve(carla.person) == ["Floor", "Hanna"]
    assert staff_devices.who_may_approve(floor.person) == ["Hanna"], "nobody approves their own alone"
    assert staff_devices.who_may_approve(otto.person) == []
