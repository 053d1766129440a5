"""Serves the pages for calendars: a person's own feed, and the import of another program's file by a
supervisor."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from chat import line_scope
from chat.planning import calendar_feed, calendar_import
from chat.planning.calendar_import import MAX_FILE_BYTES, FileTooLarge, Left, NoCalendar
from counsellors.pages.common import on_a_proven_device, only_for, person_of, show, touches
from counsellors.pages.forms import StaffForm
from helpline.lib import clock, scopes
from helpline.lib.errors import NotFound, Refusal
from helpline.lib.scopes import OWN

_SHOW_OR_SEND = ["GET", "HEAD", "POST"]
_WORDS: dict[type[Refusal], Any] = {
    NoCalendar: gettext_lazy("rota.no_calendar"),
    FileTooLarge: gettext_lazy("rota.file_too_large"),
}


class CalendarFile(StaffForm):
    file = forms.FileField(
        label=gettext_lazy("rota.file"), widget=forms.FileInput({"accept": ".ics,text/calendar"})
    )


@require_GET
@never_cache
@scopes.public
def feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """Serves the calendar to anybody who has the URL. The secret in the URL is neither stored nor logged."""
    try:
        text = calendar_feed.read(secret, now=clock.now())
    except NotFound:
        raise Http404 from None
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@require_http_methods(_SHOW_OR_SEND)
@only_for("ownrota")
@touches(OWN)
def own_feed(request: HttpRequest) -> HttpResponse:
    """Makes a new URL for the person's feed, or invalidates the current URL. A new URL is shown in this
    response only."""
    me, address = person_of(request), ""
    if request.method == "POST":
        if request.POST.get("choice") == "end":
            calendar_feed.end(me)
        else:
            address = calendar_feed.make(me, now=clock.now())
    return show(request, "planning/calendar.html", address=address, made=calendar_feed.made(me))


@require_http_methods(_SHOW_OR_SEND)
@only_for("rota")
@on_a_proven_device
@touches("line")
def take_file(request: HttpRequest, line: str) -> HttpResponse:
    me = person_of(request)
    name = line_scope.own_line(me, line).name
    form = CalendarFile(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if form.is_valid():
            sent = form.cleaned_data["file"]
            try:
                if sent.size > MAX_FILE_BYTES:
                    raise FileTooLarge
                text = sent.read().decode("utf-8", "replace").replace("\x00", "")
                taken = calendar_import.take(me, line, text, now=clock.now())
            except Refusal as refusal:
                form.refuse(str(_WORDS[type(refusal)]))
            else:
                return show(
                    request, "planning/imported.html", taken=taken, left=_named(taken.left), line=name
                )
        else:
            form.refuse(form.problems())
    return show(request, "planning/import.html", form=form, line=name)


def _named(left: list[Left]) -> list[tuple[int, str, str]]:
    return [
        (one.line, one.name, gettext(f"rota.left.{one.why}") % {"names": ", ".join(one.fits)}) for one in left
    ]
