"""An administrator switches a person off and on. Nobody with power leaves, or gets power, by one person
alone."""

import pytest
from django.test import Client
from django.utils.timezone import now

from chat.models import ApprovalRequest, Line
from chat.supervision import approval_requests
from counsellors.models import Person, Role
from tests.staff.test_admin_proposes import roles_of, told
from tests.staff.test_admin_record import PERSON, person_page, post
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import a_supervisor, long_there

pytestmark = pytest.mark.django_db


@pytest.fixture
def ilse() -> Client:
    return staff.sign_in(staff.ilse())


@pytest.fixture
def hanna(helpwanted: Line) -> Counsellor:
    """Makes Floor and Hanna both count."""
    return a_supervisor("Hanna", helpwanted)


@pytest.fixture
def _both_count(floor: Counsellor, hanna: Counsellor) -> None:
    long_there(floor, hanna)


def switch(client: Client, person: Person, *, on: bool, **typed: str) -> None:
    fields = person_page(person) | typed
    if not on:
        del fields["is_active"]
    post(client, f"{PERSON}{person.pk}/change/", fields)
    person.refresh_from_db()


@pytest.mark.usefixtures("_both_count")
def test_a_supervisor_who_would_notice_is_not_switched_off_by_an_administrator_alone(
    ilse: Client, floor: Counsellor, hanna: Counsellor
) -> None:
    switch(ilse, floor.person, on=False)
    assert floor.person.is_active
    assert staff.audited("admin_changed") == []
    (approval,) = ApprovalRequest.objects.all()
    assert (approval.kind, approval.subject, approval.waits) == ("leave", floor.person.handle, True)
    assert "het vertrek van een supervisor of beheerder" in told(ilse, PERSON)
    approval_requests.confirm(hanna.person, approval.pk, now=now())
    floor.person.refresh_from_db()
    assert not floor.person.is_active


@pytest.mark.usefixtures("_both_count")
def test_another_administrator_is_not_switched_off_alone_either(ilse: Client) -> None:
    joris = Person.objects.create_user("joris", None, "Joris")
    Role.objects.create(person=joris, name=Role.Name.ADMINISTRATOR)
    switch(ilse, joris, on=False)
    assert joris.is_active
    assert ApprovalRequest.objects.get().kind == "leave"


def test_the_last_supervisor_of_a_line_stays_and_the_page_says_why(ilse: Client, floor: Counsellor) -> None:
    switch(ilse, floor.person, on=False)
    assert floor.person.is_active
    assert not ApprovalRequest.objects.exists()
    assert "Er moet eerst een andere supervisor komen" in told(ilse, PERSON)


def test_a_counsellor_is_switched_off_and_on_at_once(ilse: Client, carla: Counsellor) -> None:
    switch(ilse, carla.person, on=False)
    assert not carla.person.is_active
    switch(ilse, carla.person, on=True)
    assert (carla.person.is_active, roles_of(carla.person)) == (True, ["counsellor"])
    assert not ApprovalRequest.objects.exists()


@pytest.mark.usefixtures("_both_count")
@pytest.mark.parametrize("power", ["supervisor", "partner"])
def test_power_is_not_had_again_by_being_switched_on(ilse: Client, power: str) -> None:
    bram = Person.objects.create_user("bram", None, "Bram", is_active=False)
    for name in (power, Role.Name.COUNSELLOR):
        Role.objects.create(person=bram, name=name)
    switch(ilse, bram, on=True)
    assert (bram.is_active, roles_of(bram)) == (True, ["counsellor"])
    (approval,) = ApprovalRequest.objects.all()
    assert (approval.kind, approval.subject, approval.value, approval.waits) == (
        "role",
        bram.handle,
        power,
        True,
    )
    (taken,) = staff.audited("admin_deleted")
    assert (taken[1], taken[2].split(" name: ")[1]) == (bram.handle, f"{power} → ")
