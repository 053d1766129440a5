"""A line's history: which periods there are, what they contain, and who may export them."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from chat.figures import counters
from chat.figures.codes import CODES
from chat.models import Figure, Line, Service, Work
from chat.reports import history
from chat.reports.history import Past
from counsellors.models import Person
from helpline.lib.errors import NotFound
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import audited

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def counted(name: str, values: dict[str, int], *, at: datetime, line: str = "helpwanted") -> None:
    counters.count_all({(name, key): value for key, value in values.items()}, line, now=at)


def answered(people: int, *months: int, line: str = "helpwanted") -> None:
    """Makes this many answers in each of these months of 2026."""
    for month in months:
        counted("answered", {"": people}, at=datetime(2026, month, 15, 18, tzinfo=UTC), line=line)


def table(past: Past, name: str) -> dict[str, int | None]:
    return next(table.rows for table in past.tables if table.name == name)


@pytest.fixture
def summer(floor: Counsellor) -> datetime:
    """Returns times within a quarter that is published."""
    answered(30, 7, 8, 9)
    return datetime(2026, 8, 20, 19, tzinfo=UTC)


@pytest.fixture
def october(floor: Counsellor) -> datetime:
    answered(30, 10)
    return datetime(2026, 10, 20, 19, tzinfo=UTC)


def test_a_month_is_published_when_it_is_over_and_five_were_answered(floor: Counsellor) -> None:
    answered(5, 7, 9, 11)
    answered(4, 8)
    found = history.periods_of(floor.person, "helpwanted", now=NOW)
    assert (found.months, found.quarters) == (["2026-09", "2026-07"], [])
    for period in ("2026-08", "2026-11", "2026-12", "2026-Q3", "2026", "", "nonsense"):
        with pytest.raises(NotFound):
            history.past(floor.person, "helpwanted", period, now=NOW)


def test_a_quarter_is_published_when_each_of_its_months_is(floor: Counsellor) -> None:
    answered(5, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    found = history.periods_of(floor.person, "helpwanted", now=NOW)
    assert found.quarters == ["2026-Q3", "2026-Q2"]
    past = history.past(floor.person, "helpwanted", "2026-Q3", now=NOW)
    assert (past.total, past.tables[-1].name) == (15, "hours")


def test_a_month_begins_at_midnight_here_and_is_settled_an_hour_after_its_end(floor: Counsellor) -> None:
    midnight = datetime(2026, 9, 30, 22, tzinfo=UTC)  # the first of October in Amsterdam
    counted("answered", {"": 7}, at=midnight - timedelta(seconds=1))
    counted("answered", {"": 9}, at=midnight)
    almost = midnight + timedelta(minutes=59)
    assert history.periods_of(floor.person, "helpwanted", now=almost).months == []
    settled = midnight + timedelta(minutes=60)
    assert history.periods_of(floor.person, "helpwanted", now=settled).months == ["2026-09"]
    assert history.past(floor.person, "helpwanted", "2026-09", now=settled).total == 7
    assert history.past(floor.person, "helpwanted", "2026-10", now=NOW).total == 9


def test_every_subject_is_listed_and_small_numbers_are_hidden(floor: Counsellor, summer: datetime) -> None:
    counted("wrapup_subject", {"sexuality": 19, "peers": 8, "family": 3}, at=summer)
    past = history.past(floor.person, "helpwanted", "2026-Q3", now=NOW)
    subjects = table(past, "subject")
    assert set(subjects) == set(CODES["subject"])
    assert {key: value for key, value in subjects.items() if value} == {"sexuality": 19}
    assert subjects["peers"] is subjects["family"] is subjects["justice"] is None


def test_waits_and_talks_stand_in_bands_of_minutes(floor: Counsellor, october: datetime) -> None:
    waits = {"0": 10, "1": 5, "4": 6, "5": 7, "14": 1, "15": 9, "59": 1, "60": 11, "240": 1}
    counted("waited_minutes", waits, at=october)
    counted("handling_minutes", {"4": 5, "5": 6, "29": 7, "30": 8, "60": 9}, at=october)
    past = history.past(floor.person, "helpwanted", "2026-10", now=NOW)
    assert table(past, "waits") == {"0_1": 10, "1_5": 11, "5_15": 8, "15_60": 10, "60_up": 12}
    assert table(past, "talks") == {"0_5": 5, "5_15": 6, "15_30": 7, "30_60": 8, "60_up": 9}


def test_handoffs_stand_by_service_and_by_outcome(floor: Counsellor, summer: datetime) -> None:
    for slug in ("csg", "113"):
        Service.objects.create(slug=slug, name=slug, since=None)
    counted("handoff", {"csg:joined": 6, "csg:expired": 7, "113:joined": 5}, at=summer)
    past = history.past(floor.person, "helpwanted", "2026-Q3", now=NOW)
    assert table(past, "handoff_service") == {"113": 5, "csg": 13}
    # Three outcomes have no conversations: zero is hidden like four, and so is the next, because otherwise
    # the rest would be known.
    assert table(past, "handoff_outcome") == {
        "joined": 11, "expired": None, "declined": None, "refused": None, "withdrawn": None,
    }  # fmt: skip


def test_the_heat_map_shows_a_quarter_by_weekday_and_hour_of_the_wall_clock(floor: Counsellor) -> None:
    winter, summer = datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 19, tzinfo=UTC)
    answered(9, 1, 2)
    counted("answered", {"": 8}, at=winter)
    counted("answered", {"": 7}, at=summer)
    counted("answered", {"": 6}, at=winter + timedelta(hours=1))  # hidden beside all the zeros
    past = history.past(floor.person, "helpwanted", "2026-Q1", now=NOW)
    hours = table(past, "hours")
    assert len(hours) == 7 * 24
    assert {key: value for key, value in hours.items() if value} == {
        "4_19": 9,
        "6_21": 8,
        "7_19": 9,
        "7_21": 7,
    }


@pytest.fixture
def otto(stopitnow: Line) -> Person:
    """Returns the supervisor of the other line."""
    person = staff.floor()
    Work.objects.create(person=person, line=stopitnow)
    return person


@pytest.fixture
def iris(helpwanted: Line, time_machine: TimeMachineFixture) -> Person:
    """Returns the supervisor of Helpwanted, who signs in today."""
    time_machine.move_to(NOW)
    person = staff.floor()
    Work.objects.create(person=person, line=helpwanted)
    return person


def test_a_supervisor_takes_a_quarter_out_as_json_and_as_csv_on_record(iris: Person) -> None:
    answered(30, 7, 8, 9)
    counted("wrapup_age", {"12_15": 9, "16_17": 8, "18_25": 7}, at=datetime(2026, 8, 2, tzinfo=UTC))
    browser = staff.sign_in(iris)
    staff.proves_a_device(browser, iris)
    periods = browser.get("/board/figures/helpwanted/").json()
    assert (periods["months"], periods["quarters"]) == (["2026-09", "2026-08", "2026-07"], ["2026-Q3"])
    answer = browser.get("/board/figures/helpwanted/2026-Q3.json")
    assert "no-store" in answer.headers["Cache-Control"]
    past = answer.json()
    assert (past["line"], past["period"], past["total"]) == ("helpwanted", "2026-Q3", 90)
    ages = next(table["rows"] for table in past["tables"] if table["name"] == "age")
    assert [row["value"] for row in ages] == [None, 9, 8, None, None, None]
    sheet = browser.get("/board/figures/helpwanted/2026-Q3.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="helpwanted-2026-Q3.csv"'
    assert "no-store" in sheet.headers["Cache-Control"]
    rows = list(csv.reader(sheet.content.decode().splitlines()))
    assert rows[:2] == [["table", "key", "nl", "en", "value"], ["total", "", "", "", "90"]]
    assert ["age", "12_15", "12–15", "12–15", "9"] in rows
    assert ["age", "18_25", ""] in [[*row[:2], row[4]] for row in rows]
    assert audited("figures", iris) == ["2026-Q3", "2026-Q3"]


@pytest.mark.parametrize("path", ["", "2026-10.json", "2026-10.csv"])
def test_the_other_line_s_past_is_not_there_and_the_try_is_on_record(
    otto: Person, helpwanted: Line, path: str
) -> None:
    answered(30, 10)
    browser = staff.sign_in(otto)
    staff.proves_a_device(browser, otto)
    assert browser.get(f"/board/figures/helpwanted/{path}").status_code == 404
    assert browser.get(f"/board/figures/nowhere/{path}").status_code == 404
    assert audited("figures", otto) == []
    assert staff.audited("wall") == [(otto.handle, line, "figures") for line in ("helpwanted", "nowhere")]


@pytest.mark.parametrize("path", ["", "2026-10.json", "2026-10.csv"])
def test_a_counsellor_finds_nothing_and_a_stranger_must_sign_in(helpwanted: Line, path: str) -> None:
    answered(30, 10)
    carla = staff.carla()
    Work.objects.create(person=carla, line=helpwanted)
    assert staff.sign_in(carla).get(f"/board/figures/helpwanted/{path}").status_code == 404
    assert Client().get(f"/board/figures/helpwanted/{path}").headers["Location"] == "/login/"
    assert staff.audited("wall") == [(carla.handle, "", "figures")]


def test_what_was_published_once_is_published_alike_for_ever(floor: Counsellor, summer: datetime) -> None:
    before = history.past(floor.person, "helpwanted", "2026-Q3", now=NOW)
    counters.count("wrapup_subject", "peers", "helpwanted", now=NOW, value=50)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=NOW + timedelta(days=400)) == before
    assert Figure.objects.filter(key="peers").count() == 1


def test_this_week_is_there_as_it_runs_with_small_numbers_hidden(iris: Person) -> None:
    for ago, many in ((0, 3), (1, 9), (2, 7), (6, 6), (7, 50)):
        counted("answered", {"": many}, at=NOW - timedelta(days=ago))
    week = history.this_week(iris, "helpwanted", now=NOW)
    today = timezone.localtime(NOW).date()
    assert list(week.days) == [today - timedelta(days=ago) for ago in range(6, -1, -1)]
    assert week.answered == 25
    assert week.abandoned is None
    assert week.days[today] is None
    assert week.days[today - timedelta(days=1)] == 9
    with pytest.raises(NotFound):
        history.this_week(iris, "stopitnow", now=NOW)
