"""A line's own codes stay in published figures, and change no earlier table."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from chat.figures import codes, counters, own_codes
from chat.figures.own_codes import Named
from chat.models import Line, OwnCode
from chat.reports import history
from chat.reports.pages.names import Names
from counsellors.models import Person
from helpline.lib import clock
from tests.figures.test_own_codes import PLATFORM, QUISHING, a_question, added
from tests.support.domain.cast import Counsellor
from tests.support.texts import both

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(helpwanted: Line, time_machine: TimeMachineFixture) -> Line:
    time_machine.move_to(datetime(2026, 11, 8, 12, tzinfo=UTC))
    return helpwanted


def test_figures_keep_a_code_that_ended(helpwanted: Line, floor: Counsellor) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    past = datetime.fromisoformat("2026-08-10T12:00:00Z")
    OwnCode.objects.update(since=past)
    for month in (7, 8, 9):
        counters.count(counters.ANSWERED, "", "helpwanted", now=past.replace(month=month), value=9)
    counters.count("wrapup_detail", code, "helpwanted", now=past, value=9)
    found = history.past(floor.person, "helpwanted", "2026-Q3", now=past + timedelta(days=90))
    detail = next(table for table in found.tables if table.name == "detail")
    assert code in detail.rows


def test_a_code_that_is_new_today_changes_no_table_of_before(helpwanted: Line, floor: Counsellor) -> None:
    """One more zero beside hidden fours would reveal that they are fours."""
    for month in (7, 8, 9):
        at = datetime(2026, month, 10, 12, tzinfo=UTC)
        counters.count(counters.ANSWERED, "", "helpwanted", now=at, value=12)
    values = {("wrapup_detail", code): 4 for code in codes.CODES["detail"]}
    counters.count_all(values | {("wrapup_detail", "sextortion"): 6}, "helpwanted", now=at)
    later = at + timedelta(days=90)
    before = history.past(floor.person, "helpwanted", "2026-Q3", now=later)
    own_codes.add(floor.person, "helpwanted", QUISHING, now=later)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=later) == before


def test_a_question_of_the_line_s_own_is_a_table_with_its_words_and_without_small_numbers(
    helpwanted: Line, floor: Counsellor
) -> None:
    question = a_question(floor)
    past = datetime.fromisoformat("2026-08-10T12:00:00Z")
    OwnCode.objects.update(since=past)
    for month in (7, 8, 9):
        counters.count(counters.ANSWERED, "", "helpwanted", now=past.replace(month=month), value=30)
    values = {(f"wrapup_{question}", "in_een_spel"): 12, (f"wrapup_{question}", "ergens_anders"): 3}
    counters.count_all(values, "helpwanted", now=past)
    found = history.past(floor.person, "helpwanted", "2026-Q3", now=past + timedelta(days=90))
    (table,) = [table for table in found.tables if table.name == question]
    assert table.rows["ergens_anders"] is None, "fewer than five are not published"
    names = Names("helpwanted", "en")
    assert names.table(question) == "Where did it begin?"
    assert names.code(question, "in_een_spel") == "In a game"


def test_a_question_without_answers_is_no_table_and_one_of_today_is_none_of_before(
    helpwanted: Line, floor: Counsellor
) -> None:
    past = datetime.fromisoformat("2026-08-10T12:00:00Z")
    for month in (7, 8, 9):
        counters.count(counters.ANSWERED, "", "helpwanted", now=past.replace(month=month), value=12)
    later = past + timedelta(days=90)
    before = history.past(floor.person, "helpwanted", "2026-Q3", now=later)
    question = a_question(floor)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=later) == before
    OwnCode.objects.filter(code=question).update(since=past)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=later) == before


def test_the_report_of_a_quarter_has_own_questions_in_a_part_of_their_own(
    line: Line, iris: Person, browser: Client
) -> None:
    past = datetime(2026, 8, 10, 12, tzinfo=UTC)
    question = own_codes.add(iris, line.pk, PLATFORM, now=past)[-1].code
    own_codes.add(iris, line.pk, Named(question, both("In een spel", "In a game")), now=past)
    for month in (7, 8, 9):
        counters.count(counters.ANSWERED, "", line.pk, now=past.replace(month=month), value=30)
    counters.count(f"wrapup_{question}", "in_een_spel", line.pk, now=past, value=12)
    page = browser.get(f"/board/figures/{line.pk}/report/2026-Q3/").content.decode()
    assert "Eigen vragen" in page
    assert "Waar begon het?" in page
    assert "In een spel" in page
