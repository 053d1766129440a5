"""The pages of a made-up year of 8,000 conversations are drawn quickly, and exported in four formats."""

import csv
import os
import time
from collections.abc import Callable
from ctypes.util import find_library
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import pytest
from django.test import Client
from odfdo import Document
from time_machine import TimeMachineFixture

from chat.demo import two_years
from chat.figures import counters
from chat.lines import templates
from chat.lines.templates import Wanted
from chat.models import Figure, Line
from chat.planning import advice
from chat.planning.advice import WhatIf
from chat.reports import report, themes
from chat.reports.pages import drawing
from chat.reports.report import Total
from counsellors.models import Person
from helpline.lib import clock, printing
from helpline.lib.printing import CannotPrint
from tests.support.domain.supervisors import audited
from tests.support.texts import both

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
QUICK = 2.0  # CPU seconds
prints = pytest.mark.skipif(
    os.environ.get("CI") != "true" and find_library("pangoft2-1.0") is None,
    reason="Pango is not installed: apt-get install libpangoft2-1.0-0",
)


@pytest.fixture
def line(time_machine: TimeMachineFixture) -> Line:
    time_machine.move_to(NOW)
    line = templates.make(Wanted("young-victims"), now=clock.now())
    began = time.process_time()
    two_years.make(now=NOW)
    assert time.process_time() - began < 20, "in seconds"
    return line


def quickest(action: Callable[[], object]) -> float:
    """Returns the shortest of three runs in CPU time of this process, so that other load does not count."""
    spans = []
    for _ in range(3):
        began = time.process_time()
        action()
        spans.append(time.process_time() - began)
    return min(spans)


@pytest.mark.long
def test_a_year_of_eight_thousand_draws_every_page_within_two_seconds(
    line: Line, iris: Person, browser: Client
) -> None:
    year = Figure.objects.filter(line=line, name=counters.ANSWERED, hour__year=2025)
    assert sum(year.values_list("value", flat=True)) == pytest.approx(8000, rel=0.1)
    themes.add(iris, line.pk, both("Beeldmisbruik", "Image abuse"), "detail", {"sextortion", "deepnude"})
    base = f"/board/figures/{line.pk}/"
    pages = (
        "",
        "2025-12.json",
        "2025-Q4.json",
        "report/2025/",
        "report/2025-Q4/",
        "theme/beeldmisbruik/2025/",
    )
    for path in (*pages, "themes/"):
        assert browser.get(base + path).status_code == 200, path
        took = quickest(partial(browser.get, base + path))
        assert took < QUICK, (path, took)
    monday = datetime(2026, 1, 26, tzinfo=UTC).date()
    assert quickest(lambda: advice.of_week(iris, line.pk, monday, WhatIf(), now=NOW)) < QUICK


def test_the_page_says_how_the_year_was_beside_the_one_before(line: Line, browser: Client) -> None:
    page = browser.get(
        f"/board/figures/{line.pk}/report/2025/", headers={"Accept-Language": "nl"}
    ).content.decode()
    for words in ("beantwoord", "binnen een minuut", "Waar het gebeurde", "seksualiteit", "was ", "2024"):
        assert words in page
    assert "+2" in page, "a growth of some twenty per cent"
    assert "<tbody></tbody>" not in page.replace("\n", "").replace(" ", ""), "no heading above nothing"
    assert 'style="' not in page
    assert "<script" not in page


def test_a_page_has_no_number_between_zero_and_five_outside_hours_and_shares(
    line: Line, iris: Person
) -> None:
    found = report.of(iris, line.pk, "2025", now=NOW).now
    totals = [one for rows in found.tables.values() for one in rows.values()]
    totals += [one for rows in found.crosses.values() for row in rows.values() for one in row.values()]
    assert totals
    assert all(one.value is None or one.value >= 5 for one in totals)


def test_as_a_sheet_it_has_both_languages_and_numbers_as_numbers(
    line: Line, iris: Person, browser: Client
) -> None:
    answer = browser.get(f"/board/figures/{line.pk}/report/2025.ods")
    document = Document(BytesIO(answer.content))
    names = [table.name for table in document.body.tables]
    assert {"months", "waits", "subject", "age", "subject_age", "hours_open"} <= {*names}
    ages = next(table for table in document.body.tables if table.name == "age")
    rows = list(ages.get_values())
    assert rows[0][:2] == ["Leeftijd", "Age"]
    assert isinstance(rows[2][2], int)
    rows = list(
        csv.reader(browser.get(f"/board/figures/{line.pk}/report/2025.csv").content.decode().splitlines())
    )
    assert ["months", "Nederlands", "English", "2025", "2024"] in rows
    assert any(row[0] == "age" and row[1].startswith("12") and row[3].isdecimal() for row in rows)
    assert set(audited("figures", iris)) == {"report 2025"}


@prints
@pytest.mark.long
def test_as_pdf_it_is_a_document_and_where_none_can_be_made_the_page_says_so(
    line: Line, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = browser.get(f"/board/figures/{line.pk}/report/2025-Q4.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]

    def none(_: str) -> bytes:
        raise CannotPrint

    monkeypatch.setattr("chat.reports.pages.reports.to_pdf", none)
    answer = browser.get(f"/board/figures/{line.pk}/report/2025-Q4.pdf", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "print the page" in answer.content.decode()


@prints
def test_a_printer_fetches_nothing() -> None:
    made = printing.to_pdf(
        '<html lang="nl"><title>x</title><img alt="" src="http://127.0.0.1:9/x.png">ja</html>'
    )
    assert made.startswith(b"%PDF-")


def test_a_supervisor_keeps_the_themes_by_a_page(line: Line, browser: Client) -> None:
    address = f"/board/figures/{line.pk}/themes/"
    given = {
        "name_nl": "Beeldmisbruik",
        "name_en": "Image abuse",
        "codes": ["detail:sextortion", "detail:deepnude"],
    }
    assert browser.post(address, given).status_code == 302
    page = browser.get(address).content.decode()
    assert "/theme/beeldmisbruik/2026/" in page or "/theme/beeldmisbruik/2025/" in page
    for wrong in ({"name_nl": ""}, {"codes": ["detail:sextortion", "subject:peers"]}, {"codes": ["x:y"]}, {}):
        assert 'role="alert"' in browser.post(address, given | wrong).content.decode()
    assert browser.post(address, {"drop": "beeldmisbruik"}).status_code == 302
    assert browser.post(address, {"drop": "beeldmisbruik"}).status_code == 404


@pytest.mark.parametrize(
    ("now", "before", "said"), [(124, 100, "+24 %"), (76, 100, "−24 %"), (100, 100, "±0 %"), (9, 9, "")]
)
def test_growth_is_told_of_numbers_that_are_large_enough(now: int, before: int, said: str) -> None:
    assert drawing.growth(Total(now), Total(before)) == said
    assert drawing.growth(Total(now, at_least=True), Total(before)) == ""
