"""The pages and small answers that a caller's browser gets. No session, no cookie, no account."""

import contextlib
import json

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chat import conversations, estimates, lines, queue, texts
from chat.models import Line
from helpline.frontend import catalogue, release
from helpline.lib import clock, encoding, tokens
from helpline.lib.errors import BadFrame, UnknownLine


@require_GET
def lines_page(request: HttpRequest, language: str) -> HttpResponse:
    """All lines, open or closed, and phone numbers; plain HTML."""
    with translation.override(language):
        rows = [(line, lines.opening(line)) for line in Line.objects.order_by("name")]
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
    found = Line.objects.filter(pk=line).first()
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
        found = lines.find(line)
    except UnknownLine:
        raise Http404 from None
    now = clock.now()
    door = lines.opening(found, now=now)
    ahead = queue.ahead_of(found.pk, queue.rank_of(found, 0, now))
    (minutes,) = estimates.ranges_for(found.pk, [queue.rounded(ahead)], now=now)
    response = JsonResponse(
        {
            "open": door.open,
            "opens": clock.stamp(door.opens) if door.opens else None,
            "minutes": minutes if door.open else None,
            "texts": texts.of_line(found),
            "services": texts.services(),
        }
    )
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"  # public, and the organisation's own site shows it
    return response


@csrf_exempt  # sent by a page that is being left; the token in the body is the proof
@require_POST
def exit_quickly(request: HttpRequest) -> HttpResponse:
    """Quick exit: 204, whatever the body holds."""
    # RequestDataTooBig, no JSON, NULs, half a surrogate pair: the page is gone already, and learns nothing.
    with contextlib.suppress(
        RequestDataTooBig, BadFrame, ValueError, LookupError, TypeError, AttributeError, RecursionError
    ):
        body = json.loads(request.body)
        encoding.decode(body["conversation"], encoding.ID_BYTES)
        encoding.decode(body["token"], tokens.TOKEN_BYTES)
        conversations.exit_quickly(body["conversation"], body["token"])
    return HttpResponse(status=204)


def away(request: HttpRequest) -> HttpResponse:
    """Something failed, most likely the database: phone numbers, without asking it for anything."""
    with translation.override("en" if request.path.startswith("/en/") else "nl"):
        return render(request, "chat/away.html", {"release": release()}, status=503)
