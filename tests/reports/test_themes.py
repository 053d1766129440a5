"""The organisation decides which answers count together as a theme for its funders."""

from datetime import UTC, datetime

import pytest

from chat.reports import themes
from chat.reports.report import Total
from chat.reports.themes import NoTheme, ThemeTaken
from helpline.lib.errors import NotFound
from tests.reports.test_report import NOW, counted, of_year
from tests.support.domain.cast import Counsellor
from tests.support.texts import both

pytestmark = pytest.mark.django_db


def test_a_theme_adds_up_its_answers_and_leaves_the_others(floor: Counsellor) -> None:
    counted("answered", {"": 60}, *of_year(2025), *of_year(2024))
    counted("wrapup_detail", {"sextortion": 20, "deepnude": 9, "threats": 8}, *of_year(2025))
    counted("wrapup_detail", {"sextortion": 10, "deepnude": 9, "threats": 8}, *of_year(2024))
    made = themes.add(
        floor.person, "helpwanted", both("Beeldmisbruik", "Image abuse"), "detail", {"deepnude", "sextortion"}
    )
    assert (made.slug, made.codes) == ("beeldmisbruik", ["sextortion", "deepnude"])
    found = themes.of(floor.person, "helpwanted", "beeldmisbruik", "2025", now=NOW)
    assert found.rows["sextortion"] == (Total(240), Total(120))
    # With so many zeros the smallest of the three is hidden, and it is none of these.
    assert (found.now, found.before) == (Total(348), Total(228))


def test_a_theme_is_a_share_of_the_quarters_that_it_is_told_of(floor: Counsellor) -> None:
    counted("answered", {"": 60}, *of_year(2026, range(1, 11)))
    counted("answered", {"": 3}, *of_year(2026, [4]))
    counted("wrapup_detail", {"sextortion": 20, "deepnude": 9, "threats": 8}, *of_year(2026, range(1, 11)))
    themes.add(floor.person, "helpwanted", both("Afpersing", "Extortion"), "detail", {"sextortion"})
    found = themes.of(floor.person, "helpwanted", "afpersing", "2026", now=NOW)
    assert (found.now, found.report.now.coded) == (Total(180), Total(543))
    assert found.report.now.answered == 603
    assert [first.month for first in found.report.now.lacking_quarters] == [10]


def test_what_is_no_theme_is_refused(floor: Counsellor, otto: Counsellor) -> None:
    given = ("helpwanted", both("Thema", "Theme"), "detail", {"sextortion"})
    themes.add(floor.person, *given)
    with pytest.raises(ThemeTaken):
        themes.add(floor.person, *given)
    for wrong in (
        ("helpwanted", both(" ", "Other"), "detail", {"sextortion"}),
        ("helpwanted", both("!", "Other"), "detail", {"sextortion"}),
        ("helpwanted", both("Ander", "Other"), "detail", set()),
        ("helpwanted", both("Ander", "Other"), "detail", {"peers"}),
        ("helpwanted", both("Ander", "Other"), "age", {"12_15"}),
    ):
        with pytest.raises(NoTheme):
            themes.add(floor.person, *wrong)
    for action in (
        lambda: themes.add(otto.person, *given),
        lambda: themes.drop(otto.person, "helpwanted", "thema"),
        lambda: themes.of_line(otto.person, "helpwanted"),
        lambda: themes.drop(floor.person, "helpwanted", "none"),
        lambda: themes.of(floor.person, "helpwanted", "thema", "2025", now=datetime(2026, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(NotFound):
            action()
    themes.drop(floor.person, "helpwanted", "thema")
    assert themes.of_line(floor.person, "helpwanted") == []
