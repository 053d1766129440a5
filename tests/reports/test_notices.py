"""The notices to platforms in a year are counted as article 22(3) of the Digital Services Act demands."""

import csv
import os
from ctypes.util import find_library
from datetime import UTC, datetime

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from chat.cases import results
from chat.demo import two_years
from chat.figures import counters
from chat.lines import templates
from chat.lines.templates import Wanted
from chat.models import Figure, Line
from chat.reports import notices
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.supervisors import audited

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
prints = pytest.mark.skipif(
    os.environ.get("CI") != "true" and find_library("pangoft2-1.0") is None,
    reason="Pango is not installed: apt-get install libpangoft2-1.0-0",
)


@pytest.fixture
def line(time_machine: TimeMachineFixture) -> Line:
    time_machine.move_to(NOW)
    made = templates.make(Wanted("young-victims"), now=clock.now())
    Line.objects.filter(pk=made.pk).update(cases=True)
    return made


def counts(line: Line, at: datetime, **codes: str) -> None:
    for name, code in codes.items():
        counters.count_of_month({(results.counter(name), code): 1}, line.pk, now=at)


@pytest.fixture
def year(line: Line) -> None:
    """Makes three notices in 2026, and one in the year before."""
    march, december = datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 12, 31, 22, tzinfo=UTC)
    counts(line, datetime(2025, 12, 31, 12, tzinfo=UTC), platform="x", what="image", outcome="removed")
    counts(line, march, platform="instagram", what="image", outcome="removed", days="0-1")
    counts(line, march, platform="instagram", what="video", outcome="silent", days="more")
    counts(line, december, platform="other", what="profile")


def test_a_year_counts_its_own_notices_however_few_they_are(line: Line, iris: Person, year: None) -> None:
    found = notices.of(iris, line.pk, 2026, now=NOW)
    assert (found.sent, found.silent) == (3, 1)
    assert found.tables["platform"]["instagram"] == 2
    assert found.tables["platform"]["x"] == 0
    assert {code: many for code, many in found.tables["what"].items() if many} == {
        "image": 1,
        "video": 1,
        "profile": 1,
    }
    assert list(audited("figures", iris)) == ["notices 2026"]
    for year_of_none in (2027, 0, 10_000, 10**12):
        with pytest.raises(NotFound):
            notices.of(iris, line.pk, year_of_none, now=NOW)
    with pytest.raises(NotFound):
        notices.of(iris, "stopitnow", 2026, now=NOW)


def test_the_page_names_platform_type_and_what_was_done(line: Line, browser: Client, year: None) -> None:
    page = browser.get(f"/board/figures/{line.pk}/notices/2026/", headers={"Accept-Language": "nl"}).text
    for words in ("Instagram", "ander platform", "weggehaald door het platform", "artikel 22, derde lid"):
        assert words in page
    assert "Getallen onder vijf" not in page
    assert browser.get(f"/board/figures/{line.pk}/notices/2027/").status_code == 404
    assert f"/notices/{2025}/" not in page


def test_as_a_table_each_code_has_its_name_in_both_languages(line: Line, browser: Client, year: None) -> None:
    text = browser.get(f"/board/figures/{line.pk}/notices/2026.csv").text
    rows = list(csv.reader(text.splitlines()))
    assert ["platform", "Platform", "Platform", "2026"] in rows
    assert ["platform", "Instagram", "Instagram", "2"] in rows
    assert ["outcome", "het platform antwoordde nooit", "the platform never answered", "1"] in rows
    assert len(rows) == len(results.CODES) + sum(map(len, results.CODES.values()))


@prints
def test_as_a_pdf_it_is_a_pdf(line: Line, browser: Client, year: None) -> None:
    answer = browser.get(f"/board/figures/{line.pk}/notices/2026.pdf")
    assert answer.content.startswith(b"%PDF-")


def test_the_demo_s_past_has_notices_where_the_line_keeps_cases(line: Line, iris: Person) -> None:
    two_years.make(now=NOW)
    found = notices.of(iris, line.pk, 2026, now=NOW)
    assert found.sent > 100
    assert 0 < sum(found.tables["outcome"].values()) < found.sent
    assert not Figure.objects.filter(name__startswith="case_", value=0).exists()
