"""A line's own codes in published figures: they stay, and change no table of before."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.figures import codes, counters, own_codes
from chat.models import Line, OwnCode
from chat.reports import history
from helpline.lib import clock
from tests.figures.test_own_codes import QUISHING, added
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db


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
    """One more zero beside hidden fours would show that they are fours."""
    for month in (7, 8, 9):
        at = datetime(2026, month, 10, 12, tzinfo=UTC)
        counters.count(counters.ANSWERED, "", "helpwanted", now=at, value=12)
    values = {("wrapup_detail", code): 4 for code in codes.CODES["detail"]}
    counters.count_all(values | {("wrapup_detail", "sextortion"): 6}, "helpwanted", now=at)
    later = at + timedelta(days=90)
    before = history.past(floor.person, "helpwanted", "2026-Q3", now=later)
    own_codes.add(floor.person, "helpwanted", QUISHING, now=later)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=later) == before
