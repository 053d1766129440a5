"""What a newcomer finds in a demo: two years of figures, hours, a rota, and nothing that foretells a wait."""

from datetime import UTC, datetime

import pytest

from chat.demo import two_years
from chat.lines import templates
from chat.lines.templates import Wanted
from chat.models import Figure, Line, WeeklyHours
from chat.planning.models import Shift
from chat.queue import estimates
from chat.reports import history
from helpline.lib import clock
from tests.support.domain.cast import a_counsellor

pytestmark = pytest.mark.django_db


def test_a_year_of_months_is_there_once_with_every_table_filled() -> None:
    line = templates.make(Wanted("young-victims"), now=clock.now())
    Line.objects.filter(pk=line.pk).update(letters=Line.Letters.ALWAYS)
    carla = a_counsellor("Carla", line).person
    now = clock.now()
    assert two_years.make(now=now) > 1000
    assert two_years.make(now=now) == 0, "what is there stays as it is"
    periods = history.periods_of(carla, line.pk, now=now)
    assert len(periods.months) >= 11
    assert periods.quarters
    past = history.past(carla, line.pk, periods.months[3], now=now)
    quarter = history.past(carla, line.pk, periods.quarters[1], now=now)
    filled = {table.name for table in (*past.tables, *quarter.tables) if any(table.rows.values())}
    assert filled >= {
        "callers",
        "waits",
        "talks",
        "subject",
        "detail",
        "age",
        "outcome",
        "feedback_heard",
        "letters_sent",
        "letters",
    }
    assert any(value for cross in quarter.crosses for row in cross.rows.values() for value in row.values())
    assert Shift.objects.filter(line=line).count() == 42
    week = history.this_week(carla, line.pk, now=now)
    assert week.answered
    assert WeeklyHours.objects.filter(line=line).count() == 7


def test_the_last_month_has_its_waits_and_what_the_wait_is_foretold_from_is_not_made_up() -> None:
    """Also at the end of the shortest month, which began four weeks ago."""
    now = datetime(2027, 3, 1, 1, tzinfo=UTC)
    line = templates.make(Wanted("young-victims"), now=now)
    carla = a_counsellor("Carla", line, now=now).person
    before = estimates.ranges_for(line.pk, [3], now=now)
    two_years.make(now=now)
    estimates.forget()
    assert estimates.ranges_for(line.pk, [3], now=now) == before
    month = history.periods_of(carla, line.pk, now=now).months[0]
    tables = {one.name: one.rows for one in history.past(carla, line.pk, month, now=now).tables}
    for name in ("waits", "talks", "foretold"):
        assert any(tables[name].values()), f"{name} of {month}"


def test_a_line_that_has_figures_of_its_own_is_left_alone() -> None:
    line = templates.make(Wanted("young-victims"), now=clock.now())
    Figure.objects.create(line=line, name="answered", key="", hour=clock.now(), value=1)
    two_years.make(now=clock.now())
    assert Figure.objects.count() == 1
    assert Line.objects.count() == 1
