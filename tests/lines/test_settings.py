"""A supervisor changes a line: at once what one may change alone, and by an approval request what needs
two."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat import bells
from chat.lines import settings
from chat.lines.settings import ChangedMeanwhile, Settings
from chat.models import ApprovalRequest, Line, Service
from chat.supervision import held_fields, line_settings
from chat.supervision.held_forms import AskedAlready
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound, WrongField
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor
from tests.support.domain.fixtures import Rung

TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
pytestmark = pytest.mark.usefixtures("all_long_there")
SETTINGS = Settings("Helpwanted", formal=False, boost_soon=timedelta(), boost_acute=timedelta(minutes=15),
                    goal_at_once=None, goal_soon=None)  # fmt: skip


def held(line: str = "helpwanted") -> dict[str, Any]:
    row = Line.objects.get(pk=line)
    columns = {name: getattr(row, name) for name in line_settings.HELD if name != "services"}
    return columns | {"services": sorted(row.services.values_list("pk", flat=True))}


def changes(who: Counsellor, written: Settings = SETTINGS, version: int = 0, **more: Any) -> list[str]:
    shown = line_settings.change(
        who.person, "helpwanted", written, held() | more, version=version, now=clock.now()
    )
    return shown.asked


def details() -> list[str]:
    return list(AuditRow.objects.filter(action="line").values_list("detail", flat=True))


@pytest.fixture(autouse=True)
def _as_in_settings(helpwanted: Line) -> None:
    Line.objects.filter(pk="helpwanted").update(name="Helpwanted", boost_acute=timedelta(minutes=15))


def test_name_address_and_goals_count_at_once_and_are_on_record_by_their_fields(floor: Counsellor) -> None:
    assert changes(floor, replace(SETTINGS, name="Hulp gezocht", formal=True, goal_soon=90)) == []
    line = Line.objects.get(pk="helpwanted")
    assert (line.name, line.formal, line.goal_soon, line.version) == ("Hulp gezocht", True, 90, 1)
    assert details() == ["changed name address goal_soon"]


def test_what_leads_callers_somewhere_waits_for_a_second_one(floor: Counsellor, hanna: Counsellor) -> None:
    Service.objects.create(slug="csg", name="CSG")
    another: dict[str, Any] = {
        "phone": "020-1", "on_call_phone": "06-12345678", "path": "praat",
        "hosts": "praat.example.org", "template": "worried-adults",
        "services": ["csg"], "alert_url": "https://example.org/alarm",
    }  # fmt: skip
    assert {*line_settings.HELD} == {name for (model, name) in held_fields.HELD if model is Line} - {
        "alert_mail",
        held_fields.ENDED,
    }, "every field that takes two is asked for in the form, the mail address and an end elsewhere"
    before = held()
    assert {*changes(floor, **another)} == {*line_settings.HELD}
    assert held() == before
    shown = line_settings.read(hanna.person, "helpwanted", now=clock.now())
    assert shown.waits == another | {"services": "csg"}
    for approval in ApprovalRequest.objects.open(clock.now()):
        confirms(hanna, approval)
    assert held() == another


def test_of_two_who_change_it_at_once_the_second_overwrites_nothing(
    floor: Counsellor, hanna: Counsellor
) -> None:
    changes(floor, replace(SETTINGS, name="Eerste"))
    with pytest.raises(ChangedMeanwhile):
        changes(hanna, replace(SETTINGS, name="Tweede"))
    changes(hanna, replace(SETTINGS, name="Tweede"), version=1)
    assert Line.objects.get(pk="helpwanted").name == "Tweede"


@pytest.mark.parametrize(
    ("fact", "more", "field"),
    [
        ({"name": ""}, {}, "name"),
        ({}, {"phone": "bel ons"}, "phone"),
        ({}, {"path": "stopitnow"}, "path"),
        ({}, {"path": "met spatie"}, "path"),
        ({}, {"hosts": "https://x"}, "hosts"),
        ({}, {"hosts": "hulp.example"}, "hosts"),
        ({}, {"template": "nobody"}, "template"),
        ({}, {"services": ["nobody"]}, "services"),
        ({}, {"alert_url": "http://x.example"}, "alert_url"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_nothing_is_stored(
    floor: Counsellor, stopitnow: Line, fact: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    with pytest.raises(WrongField) as refused:
        changes(floor, replace(SETTINGS, **({"goal_soon": 50} | fact)), **more)
    assert refused.value.facts == {"field": field}
    assert Line.objects.get(pk="helpwanted").goal_soon is None
    assert not ApprovalRequest.objects.exists()


def test_what_a_colleague_asked_for_is_decided_first(floor: Counsellor, hanna: Counsellor) -> None:
    changes(floor, phone="020-1")
    with pytest.raises(AskedAlready) as refused:
        changes(hanna, phone="020-2")
    assert refused.value.facts == {"field": "phone"}


def test_a_line_of_others_is_not_read_and_no_practice_line_is_changed(
    floor: Counsellor, otto: Counsellor, helpwanted: Line
) -> None:
    with pytest.raises(NotFound):
        line_settings.read(otto.person, "helpwanted", now=clock.now())
    hidden = Line.objects.create(
        slug="practice-helpwanted", name="x", practice_for=helpwanted, retention=timedelta()
    )
    floor.person.work.create(line=hidden)
    with pytest.raises(NotFound):
        settings.read(floor.person, hidden.pk)


def test_a_service_that_ended_is_not_offered(floor: Counsellor) -> None:
    Service.objects.create(slug="csg", name="CSG")
    Service.objects.create(slug="oud", name="Oud", ended_at=clock.now())
    assert line_settings.read(floor.person, "helpwanted", now=clock.now()).offered == {"csg": "CSG"}


def test_boards_of_the_line_are_told(floor: Counsellor, hanna: Counsellor, every_bell: Rung) -> None:
    rung = every_bell(lambda: changes(floor, replace(SETTINGS, name="Nieuw")))
    assert bells.LineChanged("helpwanted") in rung
    told = [bell.person for bell in rung if isinstance(bell, bells.ReviewChanged)]
    assert told == sorted([floor.person.pk, hanna.person.pk])


def test_each_field_of_a_line_is_written_by_whom_the_table_says() -> None:
    text = TABLE.read_text().split("## Fields of lines\n")[1].split("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| line |")]
    table = dict([cell.strip() for cell in line.strip("|").split("|")][1:3] for line in rows)
    meta = Line._meta
    assert table.keys() == {field.name for field in (*meta.concrete_fields, *meta.many_to_many)}
    held_by_two = {name for (model, name) in held_fields.HELD if model is Line} - {held_fields.ENDED}
    by_two = {*held_by_two, "ended_at", "review_key", "letters_key"}
    assert {name for name, who in table.items() if who == "two"} == by_two
    assert {name for name, who in table.items() if who == "one"} >= {*SETTINGS.columns()}
