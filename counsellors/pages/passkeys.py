"""Serves the pages of passkeys: for signing in with a passkey, and for managing a person's passkeys.

A script fetches the challenge that is to be signed and sends the answer with a form. Without scripts, people
use codes.
"""

import functools

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django_otp.models import Device as SecondFactor

from counsellors import permissions
from counsellors.models import Passkey, Person
from counsellors.pages.common import View, page, show, touches
from counsellors.pages.forms import AddPasskeyForm, CodeForm, ProofForm, StaffForm
from counsellors.signin import accounts, demands, known_browsers, passkeys
from counsellors.signin.second_factor import Checked
from counsellors.signin.sites import Site, site_of
from helpline.lib.errors import NotFound
from helpline.lib.scopes import OWN

_CHALLENGE, _LABEL = "passkey_challenge", "passkey_label"
_secret = sensitive_post_parameters("code", "answer", "made")


def show_code(request: HttpRequest, person: Person, form: StaffForm) -> HttpResponse:
    """Shows the second step of signing in: a code, or a passkey if the person has one that works on this
    site."""
    site = site_of(request.get_host())
    has_one = site is not None and passkeys.of(person, site).exists()
    if has_one and not form.problem:
        form.fields["code"].widget.attrs["autofocus"] = False  # a phone's keyboard would hide the button
    return show(request, "counsellors/code.html", form=form, passkey=has_one)


def _half_signed_in(view: View) -> View:
    @page
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        person = accounts.half_signed_in(request)
        return view(request, person, _site(request)) if person else redirect("login")

    return guarded


def _by_both_factors(view: View) -> View:
    """Requires both factors. People who are held back until they add a passkey have access, too."""

    @page
    @functools.wraps(view)
    def guarded(request: HttpRequest, **named: int) -> HttpResponse:
        person = accounts.by_both_factors(request)
        return view(request, person, _site(request), **named) if person else redirect("login")

    return guarded


def _site(request: HttpRequest) -> Site:
    site = site_of(request.get_host())
    if site is None:
        raise Http404
    return site


@require_POST
@_half_signed_in
@touches(OWN)
def ask_at_sign_in(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    return _ask(request, person, site)


@require_POST
@_secret
@_half_signed_in
@touches(OWN)
def sign_in(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    """Checks a passkey's answer. The person is signed in only if the answer is valid."""
    checked = _answered(request, person, site, known_browsers.number(request, person))
    if checked.accepted is None:
        form = CodeForm()
        form.refuse_second_factor(checked.wait, "passkey")
        return show_code(request, person, form)
    accounts.sign_in(request, person, checked.accepted)
    response = redirect(permissions.home(person))
    known_browsers.remember(response, person)
    return response


@require_GET
@_by_both_factors
@touches(OWN)
def overview(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    return _show(request, person, site)


@require_POST
@_secret
@_by_both_factors
@touches(OWN)
def use(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    """Signs in, with a passkey, somebody who gave a code although their role demands a passkey."""
    checked = _answered(request, person, site)
    if checked.accepted is None:
        form = ProofForm()
        form.refuse_second_factor(checked.wait, "passkey")
        return _show(request, person, site, problem=form.problem, at="use")
    accounts.sign_in(request, person, checked.accepted)
    return redirect(permissions.home(person))


@require_POST
@_by_both_factors
@touches(OWN)
def ask(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    """Returns a challenge for the person's own passkeys. A signed challenge serves to add or remove a
    passkey, and to sign in somebody who is held back."""
    return _ask(request, person, site)


@require_POST
@_secret
@_by_both_factors
@touches(OWN)
def begin(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    """Requires a label and a fresh second factor. Returns the options with which the browser makes a
    passkey."""
    form = AddPasskeyForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": gettext("passkeys.label_missing")}, status=400)
    if _prove(request, person, site, form) is None:
        return JsonResponse({"problem": form.problem}, status=403)
    challenge, options = passkeys.begin_to_add(person, site)
    request.session[_CHALLENGE] = challenge
    request.session[_LABEL] = form.cleaned_data["label"]
    return HttpResponse(options, content_type="application/json")


@require_POST
@_secret
@_by_both_factors
@touches(OWN)
def add(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    """Stores the passkey that the browser made. The person continues in a new session, signed in with the new
    passkey."""
    challenge, label = request.session.pop(_CHALLENGE, ""), request.session.pop(_LABEL, "")
    try:
        passkey = passkeys.add(person, site, challenge, request.POST.get("made", ""), label)
    except passkeys.NotAdded:
        return _show(request, person, site, problem=gettext("passkeys.not_added"))
    accounts.sign_in(request, person, passkey)
    return redirect("account-passkeys")


@require_POST
@_secret
@_by_both_factors
@touches(OWN)
def remove(request: HttpRequest, person: Person, site: Site, number: int) -> HttpResponse:
    """Removes a passkey and ends every session of the person. This browser is signed in again with the second
    factor that was given just now, unless that factor is the removed passkey."""
    form = ProofForm(request.POST)
    accepted = _prove(request, person, site, form) if form.is_valid() else None
    if accepted is None:
        return _show(request, person, site, problem=form.problem, at=str(number))
    try:
        passkeys.remove(person, number)
    except NotFound:
        raise Http404 from None
    if accepted.persistent_id == f"{Passkey.model_label()}/{number}":
        accounts.sign_out(request)
    else:
        accounts.sign_in(request, person, accepted)
    return redirect("account-passkeys")


def _ask(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    request.session[_CHALLENGE], options = passkeys.begin_to_ask(person, site)
    return HttpResponse(options, content_type="application/json")


def _prove(request: HttpRequest, person: Person, site: Site, form: ProofForm) -> SecondFactor | None:
    """Returns the second factor that was given with this form, or None if it was refused. Somebody who finds
    an unattended session cannot give one."""
    try:
        checked = (
            _answered(request, person, site)
            if form.cleaned_data["answer"]
            else passkeys.check_code(person, form.cleaned_data["code"])
        )
    except passkeys.CodeTooLittle:
        form.refuse(gettext("passkeys.code_too_little"))
        return None
    if checked.accepted is None:
        form.refuse_second_factor(checked.wait, "passkey" if form.cleaned_data["answer"] else "code")
    return checked.accepted


def _answered(request: HttpRequest, person: Person, site: Site, browser: str = "") -> Checked:
    challenge = request.session.pop(_CHALLENGE, "")
    return passkeys.check(person, site, challenge, request.POST.get("answer", ""), browser)


def _show(
    request: HttpRequest, person: Person, site: Site, *, problem: str = "", at: str = "add"
) -> HttpResponse:
    """Shows the person's passkeys. A problem is shown at the form that was sent: `at` is "add", "use" or a
    passkey's number."""
    held_back, soon = accounts.held_back(request, person), not demands.demanded().isdisjoint(person.roles)
    found = list(passkeys.of(person))
    forms = [(passkey, ProofForm(auto_id=f"remove-{passkey.pk}-%s")) for passkey in found]
    return show(
        request,
        "counsellors/passkeys.html",
        own=[(passkey, _with(form, problem if at == str(passkey.pk) else "")) for passkey, form in forms],
        form=_with(AddPasskeyForm(), problem if at == "add" else ""),
        using=_with(ProofForm(), problem if at == "use" else ""),
        digits_will_do=not demands.wants_more_than_digits(person),
        works_here=any(passkey.site == site.host for passkey in found),
        is_full=len(found) >= passkeys.MAX_PASSKEYS,
        held_back=held_back,
        due=soon and not held_back and not found,
        home=permissions.home(person),
        may_demand=not held_back and permissions.may(person, "passkeys"),
    )


def _with[F: ProofForm](form: F, problem: str) -> F:
    if problem:
        form.refuse(problem)
    return form
