"""Half a year after somebody left, only a number is left of them; whoever came back is not touched."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import serializers

from chat.models import LastProven, Line, OwnSentence, Work
from chat.retention import clock_guard
from chat.runtime.rounds import Rounds
from chat.supervision import forgetting, leaving, needs_approval, staff_people
from chat.supervision.staff_people import Newcomer
from counsellors import audit
from counsellors import forgetting as people
from counsellors.models import (
    AuditRow,
    Authenticator,
    Device,
    EntryLink,
    Passkey,
    Person,
    RecoveryCodes,
    Role,
    Session,
)
from helpline.lib import clock, key_files
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.supervisors import long_there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
TERM = 180 * 24 * 3600.0
NAME, ALIAS, PHONE = "carla.jansen", "CJ van Oost", "+31612345678"


@pytest.fixture
def carla(carla: Counsellor) -> Counsellor:
    """With all that the tables may hold of a person."""
    person = carla.person
    person.username, person.alias, person.phone, person.languages = NAME, ALIAS, PHONE, "nl"
    person.last_login = clock.now()
    person.set_password("paard accu nietje")
    person.save()
    Authenticator.of(person)
    RecoveryCodes.of(person, ["abcd-efgh"])
    Passkey.objects.create(user=person, name="sleutel van Carla", site="x", credential=b"c", public_key=b"k")
    Device.objects.filter(person=person).update(label="laptop van Carla")
    OwnSentence.objects.create(person=person, language="nl", text="Groet, Carla")
    entry_about(person)
    return carla


def entry_about(person: Person, at: datetime | None = None) -> LogEntry:
    kind = ContentType.objects.get_for_model(Person)
    about = {"content_type": kind, "object_id": str(person.pk), "object_repr": str(person)}
    entry = LogEntry.objects.create(user=person, action_flag=CHANGE, change_message="[]", **about)
    LogEntry.objects.filter(pk=entry.pk).update(action_time=at or clock.now())
    return entry


def a_round(now: datetime) -> None:
    """As in the life of a worker that was never down."""
    clock_guard.trust(now)
    Rounds().go(now)


def leaves(who: Counsellor, by: Counsellor) -> datetime:
    """Returns when the worker noted it."""
    needs_approval.let_leave(by.person, who.person.handle, now=clock.now())
    noted = clock.now()
    a_round(noted)
    return noted


def rows_of(model: Any) -> str:
    return json.dumps([serializers.serialize("python", [row]) for row in model.objects.all()], default=str)


def test_after_the_term_no_table_has_the_name_or_anything_that_signs_in(
    helpwanted: Line, floor: Counsellor, carla: Counsellor
) -> None:
    left = leaves(carla, floor)
    a_round(later(left, TERM - 60))
    assert Person.objects.get(pk=carla.person.pk).alias == ALIAS
    a_round(later(left, TERM))
    gone = Person.objects.get(pk=carla.person.pk)
    assert (gone.username, gone.alias) == (f"-{gone.handle}", f"oud-collega {gone.pk}")
    assert not gone.has_usable_password()
    assert (gone.phone, gone.languages, gone.last_login) == ("", "", None)
    for factor in (Authenticator, RecoveryCodes, Passkey):
        assert not factor.objects.filter(user=gone).exists()
    for model in (Session, EntryLink, Role, Work, OwnSentence, LogEntry):
        text = rows_of(model)
        assert [word for word in (NAME, ALIAS, PHONE, "Carla") if word in text] == [], model
    assert "Carla" not in rows_of(Device)


def test_the_chain_still_fits_and_what_the_person_did_is_still_one_person_s(
    floor: Counsellor, carla: Counsellor
) -> None:
    key_files.make(audit.KIND)
    audit.record(carla.person, "sign_in")
    left = leaves(carla, floor)
    handle = carla.person.handle
    before = AuditRow.objects.filter(actor=handle).count()
    a_round(later(left, TERM))
    assert audit.check().broken is None
    assert AuditRow.objects.filter(actor=handle).count() == before
    assert Person.objects.filter(handle=handle).exists()
    assert list(AuditRow.objects.filter(action="forgotten").values_list("subject", flat=True)) == [handle]


def test_a_device_keeps_its_key_and_loses_the_name_of_the_browser(
    floor: Counsellor, carla: Counsellor
) -> None:
    a_round(later(leaves(carla, floor), TERM))
    device = Device.objects.get(pk=carla.device.pk)
    assert (bytes(device.key), device.label) == (bytes(carla.device.key), device.fingerprint)


def test_the_letters_of_a_weekday_go_on_without_the_name(
    helpwanted: Line, floor: Counsellor, carla: Counsellor
) -> None:
    helpwanted.people_of_the_day = [ALIAS, *["Daan"] * 6]
    helpwanted.save()
    a_round(later(leaves(carla, floor), TERM))
    helpwanted.refresh_from_db()
    assert helpwanted.people_of_the_day == [f"oud-collega {carla.person.pk}", *["Daan"] * 6]


def test_who_comes_back_before_the_term_is_not_touched_and_has_the_whole_term_again(
    floor: Counsellor, carla: Counsellor
) -> None:
    left = leaves(carla, floor)
    back = Person.objects.get(pk=carla.person.pk)
    back.is_active = True
    back.save()
    a_round(later(left, TERM + 3600))
    assert Person.objects.get(pk=back.pk).alias == ALIAS
    back.is_active = False
    back.save(update_fields=["is_active"])
    a_round(later(left, TERM + 7200))
    a_round(later(left, 2 * TERM))
    assert Person.objects.get(pk=back.pk).alias == ALIAS
    a_round(later(left, 2 * TERM + 7200))
    assert Person.objects.get(pk=back.pk).forgotten_at is not None


def test_who_comes_back_while_a_round_forgets_is_not_touched(floor: Counsellor, carla: Counsellor) -> None:
    now = later(leaves(carla, floor), TERM)
    (found,) = people.due(now)
    Person.objects.filter(pk=found.pk).update(is_active=True)
    assert not people.forget(found, now=now)
    assert Person.objects.get(pk=found.pk).alias == ALIAS
    assert Authenticator.objects.filter(user=found).exists()


def test_a_second_round_changes_nothing(floor: Counsellor, carla: Counsellor) -> None:
    now = later(leaves(carla, floor), TERM)
    assert forgetting.forget_old(now) == 1
    row, rows = Person.objects.filter(pk=carla.person.pk).values().get(), AuditRow.objects.count()
    assert forgetting.forget_old(later(now, 2 * TERM)) == 0
    assert Person.objects.filter(pk=carla.person.pk).values().get() == row
    assert AuditRow.objects.count() == rows


def test_a_colleague_may_have_the_freed_name(helpwanted: Line, floor: Counsellor, carla: Counsellor) -> None:
    now = later(leaves(carla, floor), TERM)
    newcomer = Newcomer(NAME, ALIAS, [Role.Name.COUNSELLOR], ["helpwanted"])
    with pytest.raises(staff_people.AliasTaken):
        staff_people.invite(floor.person, newcomer, now=now)
    forgetting.forget_old(now)
    assert staff_people.invite(floor.person, newcomer, now=now).person.alias == ALIAS


def test_an_invitation_that_nobody_used_goes_with_its_row_unless_a_link_still_works(
    helpwanted: Line, floor: Counsellor
) -> None:
    made = clock.now()
    newcomer = Newcomer("nora", "Nora", [Role.Name.COUNSELLOR], ["helpwanted"])
    invited = staff_people.invite(floor.person, newcomer, now=made).person
    forgetting.forget_old(made)
    renewed = later(made, TERM - 60)
    staff_people.renew_link(floor.person, invited.handle, now=renewed)
    a_round(later(made, TERM))
    assert Person.objects.filter(pk=invited.pk).exists()
    a_round(later(renewed, timedelta(days=1).total_seconds()))
    assert not Person.objects.filter(pk=invited.pk).exists()


def test_whom_setup_named_may_come_in_however_late(helpwanted: Line) -> None:
    first = Person.objects.invite("floor", "Floor")
    for moment in (clock.now(), later(clock.now(), TERM)):
        forgetting.forget_old(moment)
    assert Person.objects.filter(pk=first.pk, alias="Floor").exists()


def test_a_supervisor_who_left_does_not_count_as_ever_there(
    helpwanted: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    LastProven.objects.update_or_create(line=helpwanted, person=hanna.person, defaults={"at": clock.now()})
    leaving.leave(hanna.person, by=hanna.person, now=clock.now())
    left = clock.now()
    a_round(left)
    a_round(later(left, TERM))
    assert not LastProven.objects.filter(person=hanna.person).exists()


def test_an_administrator_cannot_give_a_forgotten_row_to_a_newcomer(
    helpwanted: Line, floor: Counsellor, carla: Counsellor
) -> None:
    client = staff.sign_in(staff.ilse())
    page = f"/admin/counsellors/person/{carla.person.pk}/change/"
    left = leaves(carla, floor)
    assert client.get(page).status_code == 200
    forgetting.forget_old(later(left, TERM))
    assert client.get(page).status_code == 302


def test_the_admin_s_own_log_is_kept_as_long_as_the_audit(floor: Counsellor, daan: Counsellor) -> None:
    now = clock.now()
    old = entry_about(daan.person, now - audit.RETENTION - timedelta(hours=1))
    new = entry_about(daan.person, now - audit.RETENTION + timedelta(hours=1))
    a_round(now)
    assert list(LogEntry.objects.filter(pk__in=[old.pk, new.pk])) == [new]
