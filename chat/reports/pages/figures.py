"""Serves a line's published figures as files to its supervisors."""

import csv

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat.figures import codes
from chat.reports import history
from chat.reports.history import Past
from chat.reports.pages.names import Names
from chat.reports.pages.spreadsheets import quoted
from chat.reports.published import Cross
from counsellors.pages.common import on_a_proven_device, only_for, person_of, touches
from helpline.languages import staff_codes
from helpline.lib import clock
from helpline.lib.errors import NotFound


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def periods(request: HttpRequest, line: str) -> HttpResponse:
    """Serves the published months, quarters and years, and the last seven days, as JSON."""
    person = person_of(request)
    found = history.periods_of(person, line, now=clock.now())
    week = history.this_week(person, line, now=clock.now())
    days = [{"key": day.isoformat(), "value": value} for day, value in week.days.items()]
    running = {"answered": week.answered, "abandoned": week.abandoned, "days": days}
    return JsonResponse(
        {"months": found.months, "quarters": found.quarters, "years": found.years, "week": running}
    )


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_json(request: HttpRequest, line: str, period: str) -> HttpResponse:
    past = _past(request, line, period)
    tables = [
        {"name": table.name, "rows": [{"key": key, "value": value} for key, value in table.rows.items()]}
        for table in past.tables
    ]
    return JsonResponse(
        {
            "line": past.line,
            "period": past.period,
            "total": past.total,
            "tables": tables,
            "crosses": [
                {"question": cross.question, "columns": cross.columns, "rows": _rows_of(cross)}
                for cross in past.crosses
            ],
            "own_codes": codes.own_words(past.line),
        }
    )


@require_GET
@only_for("figures")
@on_a_proven_device
@touches("line")
def as_csv(request: HttpRequest, line: str, period: str) -> HttpResponse:
    """Serves a CSV file in which each name appears in all languages of the staff. An empty value is a hidden
    number."""
    past = _past(request, line, period)
    name = f'attachment; filename="{past.line}-{past.period}.csv"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    writer = csv.writer(response)
    every = [Names(past.line, language) for language in staff_codes()]
    writer.writerow(("table", "key", *(names.language for names in every), "value"))
    writer.writerow(("total", "", *("" for _ in every), past.total))
    for table in past.tables:
        for key, value in table.rows.items():
            named = (names.code(table.name, key) for names in every)
            writer.writerow(map(quoted, (table.name, key, *named, value)))
    for cross in past.crosses:
        for subject, row in cross.rows.items():
            for code, value in row.items():
                named = (_both(names, cross, subject, code) for names in every)
                key = f"{subject}:{code}"
                writer.writerow(map(quoted, (f"subject_{cross.question}", key, *named, value)))
    return response


def _both(names: Names, cross: Cross, subject: str, code: str) -> str:
    return f"{names.code('subject', subject)}: {names.code(cross.question, code)}"


def _rows_of(cross: Cross) -> list[dict[str, object]]:
    return [
        {"key": subject, "values": [row[code] for code in cross.columns]}
        for subject, row in cross.rows.items()
    ]


def _past(request: HttpRequest, line: str, period: str) -> Past:
    try:
        return history.past(person_of(request), line, period, now=clock.now())
    except NotFound:
        raise Http404 from None
