"""Serves the pages for signing in and out, and the first page of each role."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from counsellors import permissions
from counsellors.certificates import roots
from counsellors.models import Authenticator, Person
from counsellors.pages import app, joining
from counsellors.pages.common import busy, not_here, only_for, page, show, touches, with_trusted_types
from counsellors.pages.forms import CodeForm, PasswordForm, whole_seconds
from counsellors.pages.passkeys import show_code
from counsellors.signin import accounts, hashing, known_browsers, locks, replacements, second_factor
from helpline import optional_apps
from helpline.lib import scopes
from helpline.lib.scopes import OWN

_SHOW_OR_SEND = ["GET", "HEAD", "POST"]
_SET_UP = "second_factor_shown"
_SHOWN_BEFORE = "second_factor_shown_before"


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters("password")
@page
@scopes.public
def login(request: HttpRequest) -> HttpResponse:
    """Asks for name and password."""
    if request.method != "POST":
        person = accounts.by_both_factors(request)
        return (
            redirect(permissions.home(person))
            if person
            else show(request, "counsellors/login.html", form=PasswordForm())
        )
    form = PasswordForm(request.POST)
    try:
        person = _by_password(request, form)
    except hashing.Busy:
        form.refuse(gettext("login.busy"))
        return busy(show(request, "counsellors/login.html", form=form))
    if person is None:
        form.refuse(_why_not(request, form))
        return show(request, "counsellors/login.html", form=form)
    accounts.open_second_step(request, person)
    return redirect("login-code" if second_factor.is_set(person) else "login-setup")


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters("code")
@page
@touches(OWN)
def code(request: HttpRequest) -> HttpResponse:
    """Asks for six digits or a recovery code. The person is signed in only if the code is right."""
    person = accounts.half_signed_in(request)
    if person is None:
        return redirect("login")
    if not second_factor.is_set(person):
        return redirect("login-setup")
    if request.method != "POST":
        return show_code(request, person, CodeForm())
    checked = second_factor.check(person, _typed(request), known_browsers.number(request, person))
    if checked.accepted is None:
        return show_code(request, person, _refused(checked))
    accounts.sign_in(request, person, checked.accepted)
    response = redirect(permissions.home(person))
    known_browsers.remember(response, person)
    return response


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters("code")
@page
@touches(OWN)
def setup(request: HttpRequest) -> HttpResponse:
    """Sets up a second factor: shows a QR code, asks for a first code, then shows the recovery codes, only
    this one time."""
    person = accounts.half_signed_in(request)
    if person is None:
        return redirect("login")
    if second_factor.is_set(person):
        return redirect("login-code")
    owed = replacements.owed(person)
    if owed is not None and request.session.get(joining.SPOKEN) != owed.pk:
        return redirect("login-replace")
    device = second_factor.unconfirmed(person, request.session.get(_SET_UP))
    if device is None or request.method != "POST":
        return _show_setup(request, device or _begin(request, person), CodeForm())
    checked = second_factor.confirm(person, device, _typed(request))
    if checked.accepted is None:
        return _show_setup(request, device, _refused(checked))
    codes = second_factor.new_recovery_codes(person)  # ends every session, if there were codes before
    accounts.sign_in(request, person, checked.accepted)
    response = show(request, "counsellors/recovery.html", codes=codes, home=reverse("join"), step=2)
    known_browsers.remember(response, person)
    return response


@require_http_methods(_SHOW_OR_SEND)
@page
@scopes.public
def logout(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, "counsellors/logout.html", person=accounts.signed_in(request))
    accounts.sign_out(request)
    return redirect("login")


@page
def expired(request: HttpRequest, **_: object) -> HttpResponse:
    """Serves as Django's CSRF_FAILURE_VIEW, for a form of an earlier session or of another site."""
    return show(request, "counsellors/expired.html", status=403)


@page
def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 – Django's
    """Serves as Django's handler403, for people who may not enter the admin."""
    return not_here(request, status=403)


@csp_override(app.POLICY)
@require_GET
@only_for("console")
@touches(OWN)
def console(request: HttpRequest) -> HttpResponse:
    return show(
        request, "counsellors/console.html", roots=roots.metas(), apps=optional_apps.on_page("console")
    )


@with_trusted_types("lit-html")
@require_GET
@only_for("board")
@touches(OWN)
def board(request: HttpRequest) -> HttpResponse:
    return show(request, "counsellors/board.html", demo=settings.DEMO, apps=optional_apps.on_page("board"))


@with_trusted_types("lit-html")
@require_GET
@only_for("desk")
@touches(OWN)
def desk(request: HttpRequest) -> HttpResponse:
    """Serves the desk, the page on which another service answers invitations."""
    return show(request, "counsellors/desk.html", roots=roots.metas())


@with_trusted_types("lit-html")
@require_GET
@page
@scopes.public
def guest(request: HttpRequest) -> HttpResponse:
    """Serves the page that a one-time link opens, without sign-in or cookie. The token follows `#`, so this
    request does not send it to the server."""
    return show(request, "counsellors/guest.html")


def _by_password(request: HttpRequest, form: PasswordForm) -> Person | None:
    if not form.is_valid():
        return None
    found = authenticate(request, **form.cleaned_data)
    return found if isinstance(found, Person) else None


def _why_not(request: HttpRequest, form: PasswordForm) -> str:
    wait = locks.of_passwords(request, form.cleaned_data.get("username", "")).lock()
    return gettext("login.wait") % {"seconds": whole_seconds(wait)} if wait else gettext("login.wrong")


def _typed(request: HttpRequest) -> str:
    return CodeForm(request.POST).typed


def _refused(checked: second_factor.Checked) -> CodeForm:
    """Returns an empty form that shows why the code was refused."""
    form = CodeForm()
    form.refuse_second_factor(checked.wait)
    return form


def _begin(request: HttpRequest, person: Person) -> Authenticator:
    request.session[_SHOWN_BEFORE] = second_factor.was_begun(person)
    device = second_factor.begin(person)
    request.session[_SET_UP] = device.pk
    return device


def _show_setup(request: HttpRequest, device: Authenticator, form: CodeForm) -> HttpResponse:
    if not form.problem:
        del form.fields["code"].widget.attrs["autofocus"]  # people first read the instructions above
    return show(
        request,
        "counsellors/setup.html",
        form=form,
        picture=second_factor.picture(device),
        secret=second_factor.secret_text(device),
        shown_before=request.session.get(_SHOWN_BEFORE, False),
        step=2,
    )
