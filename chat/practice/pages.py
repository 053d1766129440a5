"""Serves the page that plays a made-up caller, and the guest link with which a person can play the staff of
another service."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat import line_scope
from chat.handoff import guests
from chat.lines import hidden
from chat.models import Line
from chat.practice import practising, scripts
from counsellors.pages.common import only_for, person_of, show, touches, with_trusted_types
from helpline.lib.errors import NotFound


@with_trusted_types("lit-html", "solver")
@require_GET
@only_for("console")
@touches("line")
def play(request: HttpRequest, line: str) -> HttpResponse:
    """Serves the page that plays a made-up caller in a tab beside the console, with the same modules as the
    pages of real callers. Before anybody has practised on the line, it serves a page that explains how to
    start."""
    twin = _twin(request, line)
    if twin is None:
        return show(request, "practice/not_begun.html", status=404)
    return show(
        request,
        "practice/practice.html",
        line=twin,
        of=line,
        ticket=hidden.ticket(twin, person_of(request)),
        callers=msgspec.json.encode(scripts.of_template(twin.template)).decode(),
    )


@require_GET
@only_for("console")
@touches("line")
def guest_link(request: HttpRequest, line: str) -> HttpResponse:
    """Returns the guest link of the unanswered invitation on the practice line. On a real line, such a link
    would be sent by mail."""
    twin = _twin(request, line)
    if twin is None:
        raise Http404
    try:
        return JsonResponse({"link": guests.practice_link(twin, person_of(request))})
    except NotFound:
        raise Http404 from None


def _twin(request: HttpRequest, line: str) -> Line | None:
    try:
        return practising.twin_of(line_scope.own_line(person_of(request), line))
    except NotFound:
        raise Http404 from None
