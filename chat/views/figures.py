"""A line's past as files, for its supervisors."""

import csv
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat.figures import codes, history
from chat.figures.history import Past
from chat.figures.published import Cross
from chat.views.names import LANGUAGES, Names
from chat.views.spreadsheets import quoted
from counsellors import audit
from counsellors.models import Person
from counsellors.pages import on_a_proven_device, only_for
from counsellors.signin import accounts
from helpline.lib import clock
from helpline.lib.errors import NotFound


@require_GET
@only_for("figures")
@on_a_proven_device
def periods(request: HttpRequest, line: str) -> HttpResponse:
    """The months and quarters that there are, and this week as it runs."""
    person = _person(request)
    try:
        found = history.periods_of(person, line, now=clock.now())
        week = history.this_week(person, line, now=clock.now())
    except NotFound:
        raise _nothing(person, line) from None
    days = [{"key": day.isoformat(), "value": value} for day, value in week.days.items()]
    running = {"answered": week.answered, "abandoned": week.abandoned, "days": days}
    return JsonResponse(
        {"months": found.months, "quarters": found.quarters, "years": found.years, "week": running}
    )


@require_GET
@only_for("figures")
@on_a_proven_device
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
def as_csv(request: HttpRequest, line: str, period: str) -> HttpResponse:
    """Every name in both languages; an empty value is a number that is hidden."""
    past = _past(request, line, period)
    name = f'attachment; filename="{past.line}-{past.period}.csv"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    writer = csv.writer(response)
    nl, en = (Names(past.line, language) for language in LANGUAGES)
    writer.writerow(("table", "key", "nl", "en", "value"))
    writer.writerow(("total", "", "", "", past.total))
    for table in past.tables:
        writer.writerows(
            map(quoted, (table.name, key, nl.code(table.name, key), en.code(table.name, key), value))
            for key, value in table.rows.items()
        )
    for cross in past.crosses:
        writer.writerows(
            map(
                quoted,
                (
                    f"subject_{cross.question}",
                    f"{subject}:{code}",
                    *_both(nl, en, cross, subject, code),
                    value,
                ),
            )
            for subject, row in cross.rows.items()
            for code, value in row.items()
        )
    return response


def _both(nl: Names, en: Names, cross: Cross, subject: str, code: str) -> Iterator[str]:
    for names in (nl, en):
        yield f"{names.code('subject', subject)}: {names.code(cross.question, code)}"


def _rows_of(cross: Cross) -> list[dict[str, object]]:
    return [
        {"key": subject, "values": [row[code] for code in cross.columns]}
        for subject, row in cross.rows.items()
    ]


def _past(request: HttpRequest, line: str, period: str) -> Past:
    person = _person(request)
    try:
        return history.past(person, line, period, now=clock.now())
    except NotFound:
        raise _nothing(person, line) from None


def _nothing(person: Person, line: str) -> Http404:
    """At a wall as at a period that is not published; noted, as at the sockets."""
    audit.record(person, "wall", subject=line, detail="figures")
    return Http404()


def _person(request: HttpRequest) -> Person:
    person = accounts.signed_in(request)
    if person is None:  # `only_for` came first
        raise Http404
    return person
