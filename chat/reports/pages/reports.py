"""Serves reports for funders about a year or a quarter of a line: as a page, a PDF, a CSV file and a
spreadsheet."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_GET
from odfdo import Cell, Document, Row, Table

from chat.lines import templates
from chat.models import Line
from chat.reports import report, themes
from chat.reports.pages.drawing import Drawn, told
from chat.reports.pages.names import Names
from chat.reports.pages.spreadsheets import quoted
from chat.reports.report import Report, Total
from counsellors import organisation
from counsellors.models import Person
from counsellors.pages.common import on_a_proven_device, only_for, person_of, show, touches
from helpline.languages import for_staff, staff_codes
from helpline.lib import clock
from helpline.lib.errors import NotFound
from helpline.lib.printing import CannotPrint, to_pdf

# The colours of the bars in a PDF: the values of `--main` and `--pale` in report.css.
INK = {"sea": "#0b5f66", "slate": "#2d5b8c", "plum": "#7a4372", "moss": "#4a6626"}
PALE = "#a9b8c1"
HOURS = ("open", "staffed", "people")

type Cells = tuple[str | Total, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Holds a table to export. Each row has its name in every language, followed by its numbers."""

    name: str
    heads: tuple[str, ...]
    rows: list[Cells]


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def page(request: HttpRequest, line: str, period: str) -> HttpResponse:
    facts = _facts(request, line, period)
    year = int(period) if period.isdecimal() else None
    return show(request, "reports/report.html", year=year, **facts)


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_pdf(request: HttpRequest, line: str, period: str) -> HttpResponse:
    return printed(request, "reports/report.html", _facts(request, line, period), f"{line}-{period}.pdf")


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_csv(request: HttpRequest, line: str, period: str) -> HttpResponse:
    """Serves a CSV file in which each name appears in all languages of the staff. An empty cell is a hidden
    number, and `>=` means at least."""
    found = _report(request, line, period)
    response = file(b"", "text/csv; charset=utf-8", f"{line}-{period}.csv")
    writer = csv.writer(response)
    for sheet in sheets(found):
        writer.writerow((sheet.name, *map(quoted, sheet.heads)))
        writer.writerows((sheet.name, *map(_in_csv, row)) for row in sheet.rows)
    return response


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_ods(request: HttpRequest, line: str, period: str) -> HttpResponse:
    """Serves an OpenDocument spreadsheet with one sheet for each table. Exact numbers are numeric cells."""
    found = _report(request, line, period)
    document = Document("spreadsheet")
    document.body.clear()
    for sheet in sheets(found):
        table = Table(sheet.name[:31])
        for cells in (sheet.heads, *sheet.rows):
            row = Row()
            for cell in cells:
                row.append_cell(_in_ods(cell))
            table.append_row(row)
        document.body.append(table)
    written = BytesIO()
    document.save(written)
    return file(written.getvalue(), "application/vnd.oasis.opendocument.spreadsheet", f"{line}-{period}.ods")


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def theme(request: HttpRequest, line: str, slug: str, period: str) -> HttpResponse:
    return show(request, "reports/theme.html", **_theme_facts(request, line, slug, period))


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def theme_as_pdf(request: HttpRequest, line: str, slug: str, period: str) -> HttpResponse:
    facts = _theme_facts(request, line, slug, period)
    return printed(request, "reports/theme.html", facts, f"{line}-{slug}-{period}.pdf")


def printed(request: HttpRequest, template: str, facts: dict[str, Any], name: str) -> HttpResponse:
    """Serves a page as a PDF, in the browser's language and the line's colours. If no PDF can be made, it
    serves the page with status 503."""
    try:
        return file(to_pdf(printable(template, facts)), "application/pdf", name)
    except CannotPrint:
        return show(request, template, status=503, cannot_print=True, **facts)


def printable(template: str, facts: dict[str, Any]) -> str:
    """Returns the page's HTML with its style sheet inside, because the PDF renderer fetches nothing."""
    style = (settings.FRONTEND / "reports" / "report.css").read_text()
    ink = INK.get(str(facts["look"]), INK["sea"]), PALE
    more = {"style": style, "printed": True, "ink": ink, "language": translation.get_language()}
    return render_to_string(template, facts | more)


def sheets(found: Report) -> Iterator[Sheet]:
    every = [Names(found.line, language) for language in staff_codes()]
    now, before = found.now, found.before
    years = (now.name, before.name)

    def tables(name: str) -> tuple[str, ...]:
        return tuple(names.table(name) for names in every)

    def codes(table: str, key: str) -> tuple[str, ...]:
        return tuple(names.code(table, key) for names in every)

    answered: list[Cells] = [
        (*[f"{month:%m}"] * len(every), Total(now.months.get(month)), Total(before.months.get(earlier)))
        for month, earlier in zip(now.expected, before.expected, strict=True)
    ]
    spoken = tuple(names.of_language for names in every)
    yield Sheet("months", (*spoken, *years), answered)
    for name, rows in now.tables.items():
        earlier_rows = before.tables.get(name, {})
        compared: list[Cells] = [
            (*codes(name, key), total, earlier_rows.get(key, Total())) for key, total in rows.items()
        ]
        yield Sheet(name, (*tables(name), *years), compared)
    for question, subjects in now.crosses.items():
        answers = list(dict.fromkeys(code for row in subjects.values() for code in row))
        columns = (" / ".join(codes(question, one)) for one in answers)
        crossed: list[Cells] = [
            (*codes("subject", subject), *(row[one] for one in answers)) for subject, row in subjects.items()
        ]
        yield Sheet(f"subject_{question}", (*tables("subject"), *columns), crossed)
    both = zip(now.staffed.totals, before.staffed.totals, strict=True)
    hours: list[Cells] = [
        (*codes("hours", kind), *numbers) for kind, numbers in zip(HOURS, both, strict=True)
    ]
    yield Sheet("hours_open", (*spoken, *years), hours)


def _facts(request: HttpRequest, line: str, period: str) -> dict[str, Any]:
    return _drawn(_report(request, line, period), person_of(request)).facts()


def _theme_facts(request: HttpRequest, line: str, slug: str, period: str) -> dict[str, Any]:
    me = person_of(request)
    try:
        found = themes.of(me, line, slug, period, now=clock.now())
    except NotFound:
        raise Http404 from None
    page = _drawn(found.report, me)
    return page.facts() | {
        "theme": for_staff(found.theme.says),
        "of_theme": page.table(found.theme.question, found.rows),
        "sum": page.compared(found.now, found.before),
        "of_all": told(found.report.now.coded),
        "slug": slug,
    }


def _drawn(found: Report, me: Person) -> Drawn:
    line = Line.objects.get(pk=found.line)
    return Drawn(
        report=found,
        names=Names(found.line),
        line=line,
        look=templates.read(line.template).look,
        organisation=organisation.name(),
        themes=themes.of_line(me, found.line),
        made=clock.now(),
    )


def _report(request: HttpRequest, line: str, period: str) -> Report:
    try:
        return report.of(person_of(request), line, period, now=clock.now())
    except NotFound:
        raise Http404 from None


def file(content: bytes, kind: str, name: str) -> HttpResponse:
    shown = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=shown)


def _in_csv(cell: str | Total) -> str:
    if isinstance(cell, str):
        return quoted(cell)
    if cell.value is None:
        return ""
    return f">={cell.value}" if cell.at_least else str(cell.value)


def _in_ods(cell: str | Total) -> Cell:
    if isinstance(cell, str) or cell.value is None or cell.at_least:
        return Cell(value=_in_csv(cell))
    return Cell(value=cell.value)
