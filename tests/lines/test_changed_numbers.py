"""Callers read the telephone number that a supervisor changed in the directory, and not the release's."""

from typing import Any

import pytest
from django.test import Client

from chat.lines import templates
from chat.lines.templates import Wanted
from chat.models import Line, Service
from chat.runtime import first_services
from helpline.lib import clock


@pytest.fixture
def young(db: None) -> Line:
    first_services.fill()
    return templates.make(Wanted("young-victims"), now=clock.now())


def shown(line: Line) -> Any:
    return Client().get(f"/api/lines/{line.path}/").json()["edited"]


def calls(line: Line, where: str = "numbers") -> dict[str, str]:
    return {one["service"]: one["phone"] for one in shown(line)["nl"][where]}


def test_as_long_as_no_number_is_changed_the_page_of_the_release_stays(young: Line) -> None:
    assert shown(young) is None


def test_a_new_number_is_what_callers_read_and_all_others_stay(young: Line) -> None:
    Service.objects.filter(pk="csg").update(phone="020-1112233")
    assert calls(young)["csg"] == "020-1112233"
    assert calls(young)["112"] == "112"
    assert shown(young)["nl"]["changed"] == "", "the texts are still those of the release"


def test_nobody_is_sent_to_a_service_that_ended(young: Line) -> None:
    Service.objects.filter(pk="csg").update(ended_at=clock.now())
    assert "csg" not in calls(young)
    assert "112" in calls(young)
