"""A supervisor changes what a line tells its callers, from a moment on, and the history keeps it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from chat.lines import editions, templates
from chat.lines.editions import (
    NoSuchNumber,
    NoSuchTip,
    NothingSaid,
    Number,
    Question,
    TooFarAhead,
    TooManyComing,
    WithoutEmergency,
    Wording,
)
from chat.lines.templates import Wanted
from chat.models import Line, Service
from chat.runtime import first_services
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import a_supervisor
from tests.support.texts import both

YOUNG, WORRIED = "young-victims", "worried-adults"
NEW_TIP = both("Zet je account op privé.", "Set your account to private.")


@pytest.fixture
def young(db: None) -> Line:
    first_services.fill()
    return templates.make(Wanted(YOUNG), now=clock.now())


@pytest.fixture
def worried(young: Line) -> Line:
    return templates.make(Wanted(WORRIED), now=clock.now())


@pytest.fixture
def floor(young: Line) -> Counsellor:
    return a_supervisor("Floor", young)


def with_a_tip(line: Line) -> Wording:
    standard = editions.of_release(line)
    return replace(standard, tips=(NEW_TIP, *standard.tips))


def keep(who: Counsellor, line: Line, wording: Wording | None, *, since: datetime | None = None) -> None:
    editions.change(who.person, line.pk, wording, since=since, now=clock.now())


def shown(line: Line) -> Any:
    return Client().get(f"/api/lines/{line.path}/").json()["edited"]


def test_who_saves_over_texts_that_a_colleague_has_changed_meanwhile_is_refused(
    floor: Counsellor, young: Line
) -> None:
    now = clock.now()
    seen = editions.change(floor.person, young.pk, with_a_tip(young), since=None, newest=0, now=now)
    newest = seen.editions[0].pk
    editions.change(floor.person, young.pk, None, since=None, newest=newest, now=now)
    with pytest.raises(editions.ChangedMeanwhile):
        editions.change(floor.person, young.pk, with_a_tip(young), since=None, newest=newest, now=now)


def test_what_is_kept_reaches_the_page_and_the_page_s_own_bytes_stay(young: Line, floor: Counsellor) -> None:
    before = Client().get(f"/nl/{young.path}/").content
    assert shown(young) is None
    keep(floor, young, with_a_tip(young))
    assert shown(young)["nl"]["now"][0] == NEW_TIP["nl"]
    assert shown(young)["en"]["now"][0] == NEW_TIP["en"]
    assert Client().get(f"/nl/{young.path}/").content == before
    assert AuditRow.objects.filter(action="wording", actor=floor.person.handle, detail="now").count() == 1


def test_whom_a_line_is_for_changes_on_its_own_page_and_nothing_on_the_page_of_lines(
    young: Line, floor: Counsellor
) -> None:
    whom = both("Voor wie iets naars meemaakt.", "For whoever goes through something bad.")
    before = [Client().get(path).content for path in ("/", "/nl/", "/en/")]
    keep(floor, young, replace(editions.of_release(young), is_for=whom))
    assert (shown(young)["nl"]["for"], shown(young)["en"]["for"]) == (whom["nl"], whom["en"])
    assert [Client().get(path).content for path in ("/", "/nl/", "/en/")] == before
    assert "line-states.js" in before[1].decode()


def test_what_stands_above_the_urgent_numbers_changes_too(young: Line, floor: Counsellor) -> None:
    danger = both("Gevaar? Bel nu.", "Danger? Call now.")
    keep(floor, young, replace(editions.of_release(young), danger=danger))
    assert (shown(young)["nl"]["danger"], shown(young)["en"]["danger"]) == (danger["nl"], danger["en"])


def test_an_edition_for_later_waits_for_its_moment_and_may_be_dropped_until_then(
    young: Line, floor: Counsellor
) -> None:
    now = clock.now()
    soon = now + timedelta(hours=2)
    found = editions.change(floor.person, young.pk, with_a_tip(young), since=soon, now=now)
    assert [one.state for one in found.editions] == ["coming"]
    assert editions.in_force(young, now=now) is None
    standing = editions.in_force(young, now=soon)
    assert standing
    assert standing[0] == with_a_tip(young)
    pk = found.editions[0].pk
    with pytest.raises(NotFound):
        editions.drop(floor.person, young.pk, pk, now=soon)
    assert editions.drop(floor.person, young.pk, pk, now=now).editions == []
    assert editions.in_force(young, now=soon) is None


def test_an_earlier_edition_and_the_release_s_words_can_be_had_again(young: Line, floor: Counsellor) -> None:
    keep(floor, young, with_a_tip(young))
    keep(floor, young, None)
    assert shown(young) is None
    found = editions.read(floor.person, young.pk, now=clock.now())
    assert [(one.state, one.by) for one in found.editions] == [("now", "Floor"), ("past", "Floor")]
    keep(floor, young, found.editions[1].wording)
    assert shown(young)["nl"]["now"][0] == NEW_TIP["nl"]


def test_emergency_stays_on_every_screen(young: Line, floor: Counsellor) -> None:
    standard = editions.of_release(young)
    for always, acute in ((False, True), (True, False)):
        numbers = tuple(
            replace(one, always=always, acute=acute) if one.service == "112" else one
            for one in standard.numbers
        )
        with pytest.raises(WithoutEmergency):
            keep(floor, young, replace(standard, numbers=numbers))


def test_an_empty_sentence_is_refused(young: Line, floor: Counsellor) -> None:
    standard = editions.of_release(young)
    for wording in (
        replace(standard, is_for=both("Voor jou.", " ")),
        replace(standard, danger=both("", "Danger?")),
        replace(standard, tips=(both("", "Tip."),)),
        replace(standard, numbers=tuple(replace(one, says=both("x", "")) for one in standard.numbers)),
        replace(standard, questions=(Question(both("Nu?", ""), (0,), danger=False),)),
    ):
        with pytest.raises(NothingSaid):
            keep(floor, young, wording)


def test_the_questions_of_a_line_and_what_fits_a_yes_are_its_own(
    young: Line, worried: Line, floor: Counsellor
) -> None:
    standard = editions.of_release(young)
    asked = Question(both("Ken je die ander?", "Do you know them?"), (0, 2), danger=False)
    keep(floor, young, replace(standard, questions=(asked,)))
    assert shown(young)["en"]["questions"] == [{"asks": "Do you know them?", "tips": [0, 2], "danger": False}]
    assert shown(worried) is None
    for line in (young, worried):
        of_release = editions.of_release(line).questions
        page = Client().get(f"/nl/{line.path}/").content.decode()
        assert 1 <= len(of_release) <= 4
        assert any(one.danger for one in of_release)
        assert all(escape(one.asks["nl"]) in page for one in of_release)


def test_a_question_about_a_thing_that_cannot_be_done_there_is_refused(
    young: Line, floor: Counsellor
) -> None:
    standard = editions.of_release(young)
    for nowhere in (len(standard.tips), -1):
        asked = Question(both("Nu?", "Now?"), (nowhere,), danger=False)
        with pytest.raises(NoSuchTip):
            keep(floor, young, replace(standard, questions=(asked,)))


def test_a_number_of_nobody_of_another_line_or_twice_is_refused(
    young: Line, worried: Line, floor: Counsellor
) -> None:
    standard = editions.of_release(young)
    theirs = set(editions.phones(worried)) - set(editions.phones(young)) - {"line"}
    assert theirs, "the other line has services of its own"
    mute = Service.objects.filter(phone="").values_list("pk", flat=True)[0]
    for slug in ("nobody", mute, "112", min(theirs)):
        number = Number(slug, both("x", "x"), always=True, acute=False)
        with pytest.raises(NoSuchNumber):
            keep(floor, young, replace(standard, numbers=(*standard.numbers, number)))


def test_a_service_that_has_gone_since_is_not_shown_without_a_number(young: Line, floor: Counsellor) -> None:
    keep(floor, young, with_a_tip(young))
    assert "0800-0113" in [one["phone"] for one in shown(young)["nl"]["numbers"]]
    Service.objects.filter(pk="113").update(phone="")
    assert [one["phone"] for one in shown(young)["nl"]["numbers"] if not one["phone"]] == []
    assert "0800-0113" not in [one["phone"] for one in shown(young)["nl"]["numbers"]]


def test_nothing_begins_more_than_a_year_ahead_and_no_more_than_ten_wait(
    young: Line, floor: Counsellor
) -> None:
    now, wording = clock.now(), with_a_tip(young)
    with pytest.raises(TooFarAhead):
        keep(floor, young, wording, since=now + timedelta(days=400))
    for day in range(10):
        keep(floor, young, wording, since=now + timedelta(days=day + 1))
    with pytest.raises(TooManyComing):
        keep(floor, young, wording, since=now + timedelta(days=20))
    keep(floor, young, wording)


def test_behind_the_wall_nobody_reads_or_changes_them(worried: Line, floor: Counsellor) -> None:
    with pytest.raises(NotFound):
        editions.read(floor.person, worried.pk, now=clock.now())
    with pytest.raises(NotFound):
        keep(floor, worried, None)
    assert shown(worried) is None


def test_what_one_line_changed_is_on_no_other_s_page(young: Line, worried: Line, floor: Counsellor) -> None:
    keep(floor, young, with_a_tip(young))
    assert shown(worried) is None
    assert NEW_TIP["nl"] not in Client().get(f"/nl/{worried.path}/").content.decode()


@pytest.mark.parametrize("name", templates.names())
def test_what_the_release_says_is_a_wording_that_may_be_kept(db: None, name: str) -> None:
    first_services.fill()
    line = templates.make(Wanted(name), now=clock.now())
    keep(a_supervisor("Hanna", line), line, editions.of_release(line))
    page = Client().get(f"/nl/{line.path}/").content.decode()
    for one in shown(line)["nl"]["numbers"]:
        assert one["phone"] in page
        assert one["says"] in page
