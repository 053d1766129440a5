"""Serves the pages of a person's own account: password, second factor, recovery codes, devices."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice

from counsellors import devices, own_phone, permissions
from counsellors.models import Authenticator, Device, Person
from counsellors.pages.common import person_of, show, signed_in_only, touches
from counsellors.pages.forms import ChangePasswordForm, CodeForm, OwnPasswordForm, PhoneForm
from counsellors.signin import accounts, known_browsers, passwords, second_factor, sites
from helpline.lib import phone_numbers
from helpline.lib.errors import Refusal
from helpline.lib.scopes import OWN

_SHOW_OR_SEND = ["GET", "HEAD", "POST"]
_RENEWED = "authenticator_shown"


@require_GET
@signed_in_only
@touches(OWN)
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    own = [
        (device, " ".join(devices.words_of(device.fingerprint)))
        for device in person.devices.exclude(state=Device.State.REVOKED).order_by("enrolled_at")
    ]
    has = sites.site_of(request.get_host()) is not None
    return show(
        request,
        "counsellors/account.html",
        person=person,
        devices=own,
        home=permissions.home(person),
        has_passkeys=has,
        on_rota=permissions.may(person, "ownrota"),
    )


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters()
@signed_in_only
@touches(OWN)
def password(request: HttpRequest) -> HttpResponse:
    """Changes the password and ends every session. This browser is signed in again, with the second factor of
    its previous session."""
    person, form = person_of(request), ChangePasswordForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            form.refuse(form.problems())
        else:
            factor = person.otp_device  # type: ignore[attr-defined]
            try:
                passwords.change(person, form.cleaned_data["old"], form.cleaned_data["password"])
            except ValidationError as error:
                form.refuse(" ".join(error.messages))
            except Refusal as refusal:
                form.refuse(_sentence(refusal))
            else:
                accounts.sign_in(request, person, factor)
                response = _done(request, "password")
                known_browsers.remember(response, person)  # the old cookie ended with the old password
                return response
    return show(request, "counsellors/account_password.html", form=form)


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters()
@signed_in_only
@touches(OWN)
def authenticator(request: HttpRequest) -> HttpResponse:
    """Replaces the authenticator. Asks for the password first, so that an unattended laptop is not enough."""
    person = person_of(request)
    device = second_factor.unconfirmed(person, request.session.get(_RENEWED))
    if device is None:
        form = OwnPasswordForm(request.POST or None)
        if not _knows_password(request, person, form):
            return show(request, "counsellors/account_confirm.html", form=form, what="authenticator")
        device = second_factor.begin(person)
        request.session[_RENEWED] = device.pk
        return _show_code(request, device, CodeForm())
    if request.method != "POST":
        return _show_code(request, device, CodeForm())
    checked = second_factor.renew(person, device, CodeForm(request.POST).typed)
    if checked.accepted is None:
        refused = CodeForm()
        refused.refuse_second_factor(checked.wait)
        return _show_code(request, device, refused)
    accounts.sign_in(request, person, checked.accepted)
    response = _done(request, "authenticator")
    known_browsers.remember(response, person)
    return response


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters()
@signed_in_only
@touches(OWN)
def recovery(request: HttpRequest) -> HttpResponse:
    """Makes eight new recovery codes."""
    person, form = person_of(request), OwnPasswordForm(request.POST or None)
    if not _knows_password(request, person, form):
        return show(request, "counsellors/account_confirm.html", form=form, what="recovery")
    factor = person.otp_device  # type: ignore[attr-defined]
    codes = second_factor.new_recovery_codes(person)
    if not isinstance(factor, StaticDevice):  # otherwise the factor has just been deleted
        accounts.sign_in(request, person, factor)
    return show(request, "counsellors/recovery.html", codes=codes, home="/account/")


@require_http_methods(_SHOW_OR_SEND)
@signed_in_only
@touches(OWN)
def phone(request: HttpRequest) -> HttpResponse:
    """Stores the number at which supervisors may call this person, or deletes it."""
    person = person_of(request)
    form = PhoneForm(request.POST if request.method == "POST" else None, initial={"phone": person.phone})
    if request.method == "POST" and form.is_valid():
        try:
            own_phone.keep(person, form.cleaned_data["phone"])
        except phone_numbers.NoNumber:
            form.refuse(gettext("account.phone.wrong"))
        else:
            return redirect("account")
    return show(request, "counsellors/account_phone.html", form=form)


def _knows_password(request: HttpRequest, person: Person, form: OwnPasswordForm) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        passwords.require(person, form.cleaned_data["old"])
    except Refusal as refusal:
        form.refuse(_sentence(refusal))
        return False
    return True


def _sentence(refusal: Refusal) -> str:
    return gettext("password.locked" if isinstance(refusal, passwords.Locked) else "password.wrong")


def _show_code(request: HttpRequest, device: Authenticator, form: CodeForm) -> HttpResponse:
    picture, secret = second_factor.picture(device), second_factor.secret_text(device)
    return show(request, "counsellors/account_authenticator.html", form=form, picture=picture, secret=secret)


def _done(request: HttpRequest, what: str) -> HttpResponse:
    return show(request, "counsellors/account_done.html", what=what)
