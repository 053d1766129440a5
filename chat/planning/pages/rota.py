"""Serves the pages with which people on the rota see their shifts, take shifts, swap, and set preferences.
The pages are designed for phones."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import outbox
from chat.planning import concerns, own_rota, places, preferences, swaps
from chat.planning.models import Place, Shift
from chat.planning.places import Full, OnAnother, OnItAlready, Over
from chat.planning.preferences import MAX_HOURS_PER_WEEK, Preferences
from chat.planning.swaps import AskedAlready, NotFreeThen
from counsellors.models import Person
from counsellors.pages.common import only_for, person_of, show, touches
from counsellors.pages.forms import StaffForm
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound, Refusal
from helpline.lib.scopes import OWN

_SHOW_OR_SEND = ["GET", "HEAD", "POST"]
_WORDS: dict[type[Refusal], Any] = {
    Full: gettext_lazy("rota.full"),
    Over: gettext_lazy("rota.over"),
    OnAnother: gettext_lazy("rota.on_another"),
    OnItAlready: gettext_lazy("rota.on_it"),
    AskedAlready: gettext_lazy("rota.asked_already"),
    NotFreeThen: gettext_lazy("rota.not_free"),
    Conflict: gettext_lazy("rota.changed"),
}
_ACTIONS = {
    "take": places.take,
    "offer": places.offer,
    "keep": places.keep,
    "sick": places.call_in_sick,
    "well": places.well_again,
}
_ANSWERS = {"yes": swaps.agree, "no": swaps.refuse}


class PreferencesForm(StaffForm):
    most_hours = forms.IntegerField(
        label=gettext_lazy("rota.most_hours"),
        required=False,
        min_value=1,
        max_value=MAX_HOURS_PER_WEEK,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    no_two_lates = forms.BooleanField(label=gettext_lazy("rota.no_two_lates"), required=False)
    rest_after_heavy = forms.BooleanField(label=gettext_lazy("rota.rest_after_heavy"), required=False)
    rather_not = forms.TypedMultipleChoiceField(
        label=gettext_lazy("rota.rather_not"),
        required=False,
        coerce=int,
        choices=[(day, gettext_lazy(f"rota.weekday.{day}")) for day in range(7)],
        widget=forms.CheckboxSelectMultiple,
    )
    mail = forms.EmailField(
        label=gettext_lazy("rota.mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        if not outbox.can_mail():
            del self.fields["mail"]


@require_GET
@only_for("ownrota")
@touches(OWN)
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


@require_http_methods(_SHOW_OR_SEND)
@only_for("ownrota")
@touches("shift")
def one_shift(request: HttpRequest, shift: str) -> HttpResponse:
    """Shows a shift with the possible actions, and performs the action that a form sends in `choice`."""
    me = person_of(request)
    if request.method == "POST":
        try:
            _ACTIONS[request.POST.get("choice", "")](me, shift, now=clock.now())
        except (KeyError, NotFound):
            raise Http404 from None
        except Refusal as refusal:
            return _overview(request, problem=_sentence(refusal))
        return redirect("rota")
    found = own_rota.one(me, shift, now=clock.now())
    if found is None:
        raise Http404
    mine = next((place for place in found.places.all() if place.person_id == me.pk), None)
    against = [] if mine else _against(me, [found]).get(found.pk, [])
    facts = {"lacking": own_rota.lacking(found), "can_take": places.can_stand(me, found)}
    return show(request, "planning/shift.html", shift=found, mine=mine, me=me, concerns=against, **facts)


@require_http_methods(_SHOW_OR_SEND)
@only_for("ownrota")
@touches("shift")
def swap(request: HttpRequest, shift: str) -> HttpResponse:
    """Shows which places of colleagues the person could have in exchange for their own place on this shift,
    and requests such an exchange."""
    me = person_of(request)
    try:
        mine = places.own_place(me, shift, now=clock.now())
        if request.method == "POST":
            swaps.ask(me, shift, request.POST.get("wanted", ""), now=clock.now())
            return redirect("rota")
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _overview(request, problem=_sentence(refusal))
    return show(request, "planning/swap.html", mine=mine, others=swaps.could_have(me, mine, now=clock.now()))


@require_POST
@only_for("ownrota")
@touches(OWN)
def answer(request: HttpRequest, asked: str) -> HttpResponse:
    try:
        _ANSWERS[request.POST.get("choice", "")](person_of(request), asked, now=clock.now())
    except KeyError:
        pass  # neither yes nor no: the swap stays open
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _overview(request, problem=_sentence(refusal))
    return redirect("rota")


@require_http_methods(_SHOW_OR_SEND)
@only_for("ownrota")
@touches(OWN)
def own_preferences(request: HttpRequest) -> HttpResponse:
    me = person_of(request)
    initial = asdict(preferences.of(me))
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if form.is_valid():
            given = initial | form.cleaned_data
            preferences.store(me, Preferences(**{**given, "rather_not": tuple(given["rather_not"])}))
            return redirect("rota")
        form.refuse(form.problems())
    return show(request, "planning/preferences.html", form=form)


def _overview(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    """Shows the person's own shifts, shifts that they could take, and open swaps."""
    me, now = person_of(request), clock.now()
    free = own_rota.could_take(me, now=now)
    against = _against(me, free)
    could_take = [(shift, _offerers(shift), against.get(shift.pk, [])) for shift in free]
    return show(
        request,
        "planning/rota.html",
        status=409 if problem else 200,
        problem=problem,
        mine=own_rota.coming(me, now=now),
        could_take=could_take,
        asked_of=swaps.asked_of(me, now=now),
        asked_by=swaps.asked_by(me, now=now),
    )


def _offerers(shift: Shift) -> list[Person]:
    """Returns the people who offer their place on the shift."""
    return [place.person for place in shift.places.all() if place.state == Place.State.OFFERED]


def _against(me: Person, offered: list[Shift]) -> dict[str, list[str]]:
    found = concerns.of_taking(me.pk, offered)
    return {pk: [gettext(f"rota.concern.{concern}") for concern in every] for pk, every in found.items()}


def _sentence(refusal: Refusal) -> str:
    kinds = (kind for kind in type(refusal).__mro__ if kind in _WORDS)
    return str(_WORDS[next(kinds)])
