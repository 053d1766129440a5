"""The pages and small answers that a caller's browser gets. No session, no cookie, no account."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chat import conversations, lines, texts
from chat.models import Line
from helpline.frontend import catalogue, release
from helpline.lib import clock
from helpline.lib.errors import UnknownLine

MOST_EXIT_BYTES = 1024


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
    now = lines.opening(found)
    response = JsonResponse(
        {
            "open": now.open,
            "opens": clock.stamp(now.opens) if now.opens else None,
            "minutes": None,
            "texts": texts.of_line(found),
            "services": texts.services(),
        }
    )
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # sent by a page that is being left; the token in the body is the proof
@require_POST
def exit_quickly(request: HttpRequest) -> HttpResponse:
    """Quick exit: 204, whatever the body holds."""
    if len(request.body) <= MOST_EXIT_BYTES:
        try:
            body = json.loads(request.body)
            conversation, token = body["conversation"], body["token"]
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        else:
            if isinstance(conversation, str) and isinstance(token, str):
                conversations.exit_quickly(conversation, token)
    return HttpResponse(status=204)
