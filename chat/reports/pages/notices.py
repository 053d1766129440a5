"""Serves a year of notices to platforms, for the regulator and the public: as a page, a PDF and a table."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chat.cases.results import PLATFORMS
from chat.lines import templates
from chat.models import Line
from chat.reports import notices
from chat.reports.notices import Notices
from chat.reports.pages.reports import file, printed
from chat.reports.pages.spreadsheets import quoted
from counsellors import organisation
from counsellors.pages.common import on_a_proven_device, only_for, person_of, show, touches
from helpline.languages import staff_codes
from helpline.lib import clock
from helpline.lib.errors import NotFound

TABLES = ("platform", "what", "outcome", "days")


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def page(request: HttpRequest, line: str, year: int) -> HttpResponse:
    return show(request, "reports/notices.html", **_facts(_notices(request, line, year)))


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_pdf(request: HttpRequest, line: str, year: int) -> HttpResponse:
    facts = _facts(_notices(request, line, year))
    return printed(request, "reports/notices.html", facts, f"{line}-notices-{year}.pdf")


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_csv(request: HttpRequest, line: str, year: int) -> HttpResponse:
    """Serves a CSV file in which each name appears in all languages of the staff."""
    found = _notices(request, line, year)
    response = file(b"", "text/csv; charset=utf-8", f"{line}-notices-{year}.csv")
    writer = csv.writer(response)
    for name in TABLES:
        writer.writerow((name, *_in_each_language(f"notices.{name}"), str(year)))
        for code, number in found.tables[name].items():
            writer.writerow((name, *map(quoted, _codes(name, code)), number))
    return response


def _codes(name: str, code: str) -> list[str]:
    known = PLATFORMS.get(code) if name == "platform" else None
    return [known] * len(staff_codes()) if known else _in_each_language(f"notices.{name}.{code}")


def _in_each_language(key: str) -> list[str]:
    found = []
    for language in staff_codes():
        with translation.override(language):
            found.append(gettext(key))
    return found


def _facts(found: Notices) -> dict[str, Any]:
    line = Line.objects.get(pk=found.line)
    tables = [
        (gettext(f"notices.{name}"), _rows(name, rows))
        for name, rows in ((name, found.tables[name]) for name in TABLES)
    ]
    return {
        "line": line,
        "look": templates.read(line.template).look,
        "organisation": organisation.name(),
        "year": found.year,
        "found": found,
        "tables": tables,
        "made": clock.now(),
    }


def _rows(name: str, numbers: dict[str, int]) -> list[tuple[str, int]]:
    """Returns the name and the number of each code that was counted at least once, the highest number
    first."""
    some = [(_word(name, code), number) for code, number in numbers.items() if number]
    return sorted(some, key=lambda row: -row[1])


def _word(name: str, code: str) -> str:
    return (PLATFORMS.get(code) if name == "platform" else None) or gettext(f"notices.{name}.{code}")


def _notices(request: HttpRequest, line: str, year: int) -> Notices:
    try:
        return notices.of(person_of(request), line, year, now=clock.now())
    except NotFound:
        raise Http404 from None
