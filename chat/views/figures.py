"""A line's past as files, for its supervisors."""

import csv

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat.figures import codes, history
from chat.figures.history import Past
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
        found = history.periods(person, line, now=clock.now())
        week = history.this_week(person, line, now=clock.now())
    except NotFound:
        raise _nothing(person, line) from None
    days = [{"key": day.isoformat(), "value": value} for day, value in week.days.items()]
    running = {"answered": week.answered, "abandoned": week.abandoned, "days": days}
    return JsonResponse({"months": found.months, "quarters": found.quarters, "week": running})


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
            "own_codes": codes.own_words(past.line),
        }
    )


@require_GET
@only_for("figures")
@on_a_proven_device
def as_csv(request: HttpRequest, line: str, period: str) -> HttpResponse:
    """An empty value is a number that is hidden."""
    past = _past(request, line, period)
    name = f'attachment; filename="{past.line}-{past.period}.csv"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    writer = csv.writer(response)
    writer.writerow(("table", "key", "value"))
    writer.writerow(("total", "", past.total))
    for table in past.tables:
        writer.writerows((table.name, key, value) for key, value in table.rows.items())
    return response


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
