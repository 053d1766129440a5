"""A page that plays a made-up caller, for staff who practise; and the link for whoever plays the other
service."""

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
    """Serves the page that plays a made-up caller, with the modules of real callers, in a tab beside the
    console; before anybody has practised for the line, a page that says where practice begins."""
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
    """Returns the link of the invitation that rings on the practice line, where no service gets a mail with
    it."""
    twin = _twin(request, line)
    if twin is None:
        raise Http404
    try:
        return JsonResponse({"link": guests.practice_link(twin)})
    except NotFound:
        raise Http404 from None


def _twin(request: HttpRequest, line: str) -> Line | None:
    try:
        return practising.twin_of(line_scope.own_line(person_of(request), line))
    except NotFound:
        raise Http404 from None
