"""A year and a quarter are summed up for funders, from what was published, beside the year before."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from chat.figures import counters
from chat.reports import history, report
from chat.reports.pages.drawing import earlier_title
from chat.reports.pages.reports import sheets
from chat.reports.report import Total
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import audited

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def counted(name: str, values: dict[str, int], *months: date | tuple[int, int]) -> None:
    for year, month in months:  # type: ignore[misc]
        at = datetime(year, month, 15, 18, tzinfo=UTC)
        counters.count_all({(name, key): value for key, value in values.items()}, "helpwanted", now=at)


def of_year(year: int, months: Iterable[int] = range(1, 13)) -> list[tuple[int, int]]:
    return [(year, month) for month in months]


def test_a_year_adds_up_what_its_months_and_quarters_were_published_as(floor: Counsellor) -> None:
    counted("answered", {"": 30}, *of_year(2025))
    counted("answered", {"": 20}, *of_year(2024))
    counted("abandoned", {"": 5}, *of_year(2025))
    counted("waited_minutes", {"0": 20, "2": 10}, *of_year(2025))
    counted("wrapup_age", {"12_15": 12, "16_17": 8, "18_25": 10}, *of_year(2025))
    found = report.of(floor.person, "helpwanted", "2025", now=NOW)
    assert (found.now.answered, found.before.answered) == (360, 240)
    for span in (found.now, found.before):
        assert len(span.months) == len(span.expected)
    assert found.now.tables["callers"]["abandoned"] == Total(60)
    assert found.now.tables["waits"]["0_1"] == Total(240)
    assert found.now.tables["age"] == {
        "under_12": Total(), "12_15": Total(144), "16_17": Total(), "18_25": Total(120), "26_up": Total(),
        "unknown": Total(),
    }  # fmt: skip
    assert audited("figures", floor.person) == ["report 2025"]


def test_a_number_of_which_a_quarter_is_hidden_is_at_least_the_others(floor: Counsellor) -> None:
    counted("answered", {"": 60}, *of_year(2025))
    counted(
        "wrapup_subject", {"peers": 10, "family": 9, "school": 7, "justice": 2}, *of_year(2025, range(1, 10))
    )
    counted(
        "wrapup_subject", {"peers": 10, "family": 1, "school": 1, "justice": 2}, *of_year(2025, range(10, 13))
    )
    subjects = report.of(floor.person, "helpwanted", "2025", now=NOW).now.tables["subject"]
    assert subjects["peers"] == Total(120)
    assert subjects["family"] == Total(81, at_least=True)
    assert subjects["justice"] == Total(6, at_least=True)
    assert subjects["discrimination"] == Total()


def test_a_report_shows_no_number_that_is_not_a_sum_of_published_ones(floor: Counsellor) -> None:
    """So an attacker can calculate no more from the report than from the tables."""
    counted("answered", {"": 40}, *of_year(2025))
    counted("wrapup_subject", {"peers": 22, "family": 11, "school": 3}, *of_year(2025))
    counted("wrapup_age", {"12_15": 20, "16_17": 14, "26_up": 1}, *of_year(2025))
    for code, many in (("12_15", 12), ("16_17", 9), ("26_up", 1)):
        counted("cross_age", {f"peers:{code}": many, f"family:{code}": many // 2}, *of_year(2025))
    parts = [
        history.past(floor.person, "helpwanted", name, now=NOW)
        for name in (
            *(f"2025-{month:02}" for month in range(1, 13)),
            *(f"2025-Q{one}" for one in range(1, 5)),
        )
    ]
    found = report.of(floor.person, "helpwanted", "2025", now=NOW).now
    for name, rows in found.tables.items():
        for key, total in rows.items():
            seen = [table.rows.get(key) for part in parts for table in part.tables if table.name == name]
            shown = [value for value in seen if value is not None]
            assert total == (Total(sum(shown), at_least=len(shown) < len(seen)) if shown else Total())
    for question, subjects in found.crosses.items():
        for subject, row in subjects.items():
            for code, total in row.items():
                seen = [
                    cross.rows.get(subject, {}).get(code)
                    for part in parts
                    for cross in part.crosses
                    if cross.question == question
                ]
                shown = [value for value in seen if value is not None]
                assert total.value == (sum(shown) if shown else None)
                assert total.at_least == (0 < len(shown) < len(seen))


def test_a_year_that_runs_says_what_it_has_so_far(floor: Counsellor) -> None:
    counted("answered", {"": 30}, *of_year(2026, range(1, 12)))
    counted("answered", {"": 4}, (2026, 3))
    found = report.of(floor.person, "helpwanted", "2026", now=NOW)
    assert len(found.now.months) < len(found.now.expected)
    assert [month.month for month in found.now.months] == list(range(1, 11))
    assert found.before.months == {}
    quarter = report.of(floor.person, "helpwanted", "2026-Q3", now=NOW)
    assert quarter.now.answered == 90


def test_a_line_that_began_in_the_middle_of_a_year_did_not_grow_by_that(floor: Counsellor) -> None:
    counted("answered", {"": 30}, *of_year(2024, range(7, 13)), *of_year(2025))
    year = report.of(floor.person, "helpwanted", "2025", now=NOW)
    quarter = report.of(floor.person, "helpwanted", "2025-Q4", now=NOW)
    assert (year.is_like, quarter.is_like) == (False, True)
    with translation.override("nl"):
        assert earlier_title(year) == "2024, 6 maanden", "half a year is no year"
        assert "mnd" not in earlier_title(quarter)


@pytest.mark.parametrize("period", ["2023", "2026-Q4", "2026-Q5", "2026-13", "26", "", "0000", "x", "2025-"])
def test_what_has_no_published_month_is_not_there(floor: Counsellor, period: str) -> None:
    counted("answered", {"": 30}, *of_year(2025))
    with pytest.raises(NotFound):
        report.of(floor.person, "helpwanted", period, now=NOW)


def test_the_other_line_s_year_is_not_there(otto: Counsellor, helpwanted: object) -> None:
    counted("answered", {"": 30}, *of_year(2025))
    with pytest.raises(NotFound):
        report.of(otto.person, "helpwanted", "2025", now=NOW)


def test_hours_open_staffed_and_worked_are_told_whether_or_not_somebody_came(floor: Counsellor) -> None:
    counted("answered", {"": 30}, (2025, 1))
    for name, minutes in (("open_minutes", 600), ("staffed_minutes", 540), ("people_minutes", 1200)):
        counted(name, {"": minutes}, (2025, 1), (2025, 2))
    staffed = report.of(floor.person, "helpwanted", "2025", now=NOW).now.staffed
    assert (staffed.open, staffed.staffed, staffed.people) == (20, 18, 40)


def test_a_year_in_which_nobody_counted_hours_does_not_say_that_the_line_was_closed(
    floor: Counsellor,
) -> None:
    counted("answered", {"": 60}, *of_year(2025), *of_year(2024))
    counted("open_minutes", {"": 600}, *of_year(2025))
    found = report.of(floor.person, "helpwanted", "2025", now=NOW)
    assert found.now.staffed.totals[0] == Total(120)
    assert found.before.staffed.totals == (Total(), Total(), Total())
    (hours,) = (sheet for sheet in sheets(found) if sheet.name == "hours_open")
    assert next(iter(hours.rows))[2:] == (Total(120), Total())


def test_hours_of_a_year_that_lacks_a_month_are_not_compared_with_those_of_a_whole_one(
    floor: Counsellor,
) -> None:
    december = datetime(2026, 12, 2, 12, tzinfo=UTC)
    counted("answered", {"": 30}, *of_year(2025), *of_year(2026, range(1, 12)))
    counted("open_minutes", {"": 600}, *of_year(2025), *of_year(2026))
    assert not report.of(floor.person, "helpwanted", "2026", now=december).is_like_in_hours
    january = datetime(2027, 1, 2, 12, tzinfo=UTC)
    assert report.of(floor.person, "helpwanted", "2026", now=january).is_like_in_hours


def test_letters_are_counted_apart_from_chats(floor: Counsellor) -> None:
    counted("answered", {"": 30}, *of_year(2025))
    counted("letters", {"sent": 20, "answered": 18, "in_time": 9}, *of_year(2025, range(1, 7)))
    counted("letters", {"sent": 4, "answered": 9, "in_time": 9}, *of_year(2025, range(7, 13)))
    tables = report.of(floor.person, "helpwanted", "2025", now=NOW).now.tables
    assert tables["letters_sent"] == {"sent": Total(120, at_least=True)}
    assert tables["letters"] == {"in_time": Total(54, at_least=True), "late": Total(54, at_least=True)}
    assert tables["callers"]["answered"] == Total(360)
