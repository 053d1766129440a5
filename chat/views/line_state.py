"""Serves the current state of a line for its callers' pages: whether it is open, its services and its
hours."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from chat.handoff import directory, services
from chat.letters import conditions
from chat.lines import open_now, sentences, texts
from chat.models import Line
from chat.queue import availability
from chat.views import page_texts
from counsellors.certificates import roots
from helpline import languages
from helpline.lib import clock, scopes
from helpline.lib.errors import UnknownLine


@require_GET
@scopes.public
def line_state(_request: HttpRequest, line: str) -> JsonResponse:
    """Returns, as JSON, the data that a caller's page shows before the first message and while the line is
    closed. Raises Http404 for an unknown line."""
    try:
        found = open_now.find(line)
    except UnknownLine:
        raise Http404 from None
    now = clock.now()
    promise = conditions.promise_or_none(found, now=now)
    state, rows = availability.look(found, now=now), directory.of_line(found, now=now)
    response = JsonResponse(
        {
            "letters": _letters(found, promise) if promise else None,
            "cases": found.cases,
            "open": state.open,
            "ended": state.ended,
            "opens": clock.stamp_or_none(state.opens),
            "full": state.full,
            "unspoken": state.unspoken,
            "minutes": state.minutes,
            "says": {
                code: page_texts.availability(state, code)
                for code in languages.codes()
                if sentences.speaks(found, code)
            },
            "texts": texts.of_line(found),
            "edited": page_texts.edited(found, now=now),
            "services": _services(found, rows),
            "hours": _hours(found, rows, now),
            # A page that was opened before these were named has to load itself again.
            "roots": (roots.metas() or ("", 0))[0],
        }
    )
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"  # public data, also shown on the organisation's own site
    return response


def _letters(line: Line, promise: conditions.Promise) -> dict[str, str]:
    """Returns two times for a letter that is sent now: when the letter will be answered at the latest, and
    when it will be deleted at the latest."""
    return {"due": clock.stamp(promise.due), "until": clock.stamp(promise.ends + line.retention)}


def _services(line: Line, rows: list[directory.Listed]) -> list[dict[str, Any]]:
    """Returns the line's services, with the emergency number 112 first."""
    return [_of_service(line, row) for row in sorted(rows, key=lambda row: row.service.pk != "112")]


def _of_service(line: Line, row: directory.Listed) -> dict[str, Any]:
    service = row.service
    return {
        "service": service.pk,
        "name": service.name,
        "purpose": services.words_for_callers(service, line),
        "phone": service.phone,
        "chat": service.chat,
        "site": service.site,
        "free": service.free,
        "open": row.open,
    }


def _hours(line: Line, rows: list[directory.Listed], now: datetime) -> dict[str, dict[str, Any]]:
    """Returns two facts for the line and for each of its services: whether it is open now (null if unknown),
    and when that changes next."""

    def told(is_open: bool | None, changes: datetime | None) -> dict[str, Any]:
        return {"open": is_open, "changes": clock.stamp_or_none(changes)}

    own = told(open_now.opening(line, now=now).open, open_now.next_change(line, now=now))
    others = {row.service.pk: told(row.open, directory.next_change(row, now=now)) for row in rows}
    return {"line": own, **others}
