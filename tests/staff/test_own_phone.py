"""A person sets their own telephone number, which only the supervisors of their lines see."""

from http import HTTPStatus

import pytest
from django.test import Client

from chat.lines import staff
from chat.models import Line
from chat.supervision import leaving
from counsellors import own_phone
from counsellors.models import AuditRow, Person
from helpline.lib import clock
from helpline.lib.phone_numbers import NoNumber
from tests.support import admin_pages
from tests.support.cast import carla as carla_connects
from tests.support.cast import floor as floor_connects
from tests.support.domain.cast import Counsellor
from tests.support.frames import Refused
from tests.support.platform import Platform

pytestmark = pytest.mark.django_db
NUMBER = "06-0000 0001"


def phone_of(person: Person) -> str:
    return Person.objects.values_list("phone", flat=True).get(pk=person.pk)


def test_a_person_gives_and_removes_it_on_their_account_and_the_audit_holds_no_number() -> None:
    carla = admin_pages.carla()
    browser: Client = admin_pages.sign_in(carla)
    assert browser.post("/account/phone/", {"phone": NUMBER}).status_code == HTTPStatus.FOUND
    assert phone_of(carla) == NUMBER
    assert NUMBER in browser.get("/account/").content.decode()
    assert "minstens drie cijfers" in browser.post("/account/phone/", {"phone": "bel maar"}).content.decode()
    assert phone_of(carla) == NUMBER
    browser.post("/account/phone/", {"phone": ""})
    assert phone_of(carla) == ""
    rows = AuditRow.objects.filter(action__startswith="phone_").order_by("pk")
    assert [(row.action, row.detail) for row in rows] == [("phone_set", ""), ("phone_removed", "")]


def test_the_same_number_again_is_no_news_for_the_audit(carla: Counsellor) -> None:
    for _ in range(2):
        own_phone.keep(carla.person, NUMBER)
    assert AuditRow.objects.filter(action="phone_set").count() == 1
    with pytest.raises(NoNumber):
        own_phone.keep(carla.person, "12")


def test_supervisors_of_the_line_can_call_its_people_and_counsellors_are_first(
    carla: Counsellor, floor: Counsellor, hanna: Counsellor, otto: Counsellor, helpwanted: Line
) -> None:
    for one in (hanna, carla, floor, otto):
        own_phone.keep(one.person, NUMBER)
    found = [(line, person.alias, counsels) for line, person, counsels in staff.reachable(floor.person)]
    assert found == [("helpwanted", "Carla", True), ("helpwanted", "Hanna", False)]
    assert staff.reachable(carla.person) == [], "a counsellor sees no number"
    assert staff.reachable(otto.person) == [], "another line"


def test_the_number_is_gone_once_its_owner_has_left(carla: Counsellor, floor: Counsellor) -> None:
    own_phone.keep(carla.person, NUMBER)
    leaving.leave(Person.objects.get(pk=carla.person.pk), by=floor.person, now=clock.now())
    assert phone_of(carla.person) == ""
    assert staff.reachable(floor.person) == []


async def test_a_board_asks_for_the_numbers_and_a_counsellor_may_not(laptop: Platform) -> None:
    supervisor, counsellor = await floor_connects(laptop), await carla_connects(laptop)
    rows = (await supervisor.request("phones"))["phones"]
    assert {row["line"] for row in rows} == {"helpwanted"}
    assert counsellor.me["id"] in {row["id"] for row in rows if row["counsels"] and row["phone"]}
    with pytest.raises(Refused) as refused:
        await counsellor.request("phones")
    assert refused.value.code == "forbidden"
