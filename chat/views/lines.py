"""The pages that a caller's browser gets, and what they show of a line. No session, no cookie."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from chat.handoff import directory
from chat.lines import open_now, texts
from chat.models import Line
from chat.queue import estimates, rank
from helpline.frontend import catalogue, release
from helpline.lib import clock
from helpline.lib.errors import UnknownLine


@require_GET
def lines_page(request: HttpRequest, language: str) -> HttpResponse:
    """All lines, open or closed, and phone numbers; plain HTML."""
    with translation.override(language):
        rows = [(line, open_now.opening(line)) for line in Line.objects.order_by("name")]
        return render(
            request,
            "chat/lines.html",
            {
                "rows": rows,
                "release": release(),
                "language": language,
                "neutral_site": settings.NEUTRAL_SITE,
            },
        )


@require_GET
def caller_page(request: HttpRequest, language: str, line: str) -> HttpResponse:
    """The caller's page: the same bytes for everybody until the next release."""
    found = Line.objects.filter(path=line).first()
    if found is None:
        raise Http404
    with translation.override(language):
        return render(
            request,
            "chat/caller.html",
            {
                "line": found,
                "release": release(),
                "language": language,
                "neutral_site": settings.NEUTRAL_SITE,
                "texts": catalogue("caller", language),
            },
        )


@require_GET
def line_state(_request: HttpRequest, line: str) -> JsonResponse:
    """What the page shows before the first word, and when the line is closed."""
    try:
        found = open_now.find(line)
    except UnknownLine:
        raise Http404 from None
    now = clock.now()
    door = open_now.opening(found, now=now)
    ahead = rank.ahead_of(found.pk, rank.rank_of(found, 0, now))
    (minutes,) = estimates.ranges_for(found.pk, [rank.rounded(ahead)], now=now)
    response = JsonResponse(
        {
            "open": door.open,
            "opens": clock.stamp(door.opens) if door.opens else None,
            "minutes": minutes if door.open else None,
            "texts": texts.of_line(found),
            "services": _services(found),
        }
    )
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"  # public, and the organisation's own site shows it
    return response


def away(request: HttpRequest) -> HttpResponse:
    """Something failed, most likely the database: phone numbers, without asking it for anything."""
    with translation.override("en" if request.path.startswith("/en/") else "nl"):
        return render(request, "chat/away.html", {"release": release()}, status=503)


def _services(line: Line) -> list[dict[str, Any]]:
    """Those of the line, urgent help first."""
    rows = directory.of_line(line, now=clock.now())
    return [_of_service(row) for row in sorted(rows, key=lambda row: row.service.pk != "112")]


def _of_service(row: directory.Listed) -> dict[str, Any]:
    service = row.service
    return {
        "service": service.pk,
        "name": service.name,
        "purpose": service.purpose,
        "phone": service.phone,
        "chat": service.chat,
        "site": service.site,
        "free": service.free,
        "open": row.open,
    }
