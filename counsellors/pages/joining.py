"""Serves the pages on which a person joins by a link, in three steps: a password, a second factor and a
device."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from counsellors import organisation, permissions
from counsellors.models import EntryLink
from counsellors.pages.common import page, show, touches
from counsellors.pages.forms import CodeForm, LinkForm, NewPasswordForm
from counsellors.signin import accounts, entry_links, replacements, second_factor
from helpline.lib import clock, scopes
from helpline.lib.errors import NotFound
from helpline.lib.scopes import OWN

_LINK = "entry_link"
SPOKEN = "spoken_code_of"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("link", "password", "again")
@page
@scopes.public
def join(request: HttpRequest) -> HttpResponse:
    """Serves the page that a person's one-time link opens. The token follows `#` in the URL, and is sent in
    the body of a form."""
    if request.method == "POST" and "link" in request.POST:
        return _open(request)
    link = _link(request)
    if link is not None:
        return _choose_password(request, link)
    if accounts.half_signed_in(request) is not None:
        return redirect("login-setup")
    return _device(request)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@page
@touches(OWN)
def replace(request: HttpRequest) -> HttpResponse:
    """Asks for the code that a colleague reads out by telephone. The person needs it to set up a new second
    factor."""
    person = accounts.half_signed_in(request)
    if person is None:
        return redirect("login")
    owed = replacements.owed(person)
    if owed is None:
        return redirect("login-setup")
    form = CodeForm()
    form.fields["code"].label = gettext("replace.code")
    if request.method == "POST":
        if replacements.opens(owed, request.POST.get("code", ""), now=clock.now()):
            request.session[SPOKEN] = owed.pk
            return redirect("login-setup")
        form.refuse(gettext("replace.wrong"))
    return show(request, "counsellors/replace.html", form=form)


def _open(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    try:
        link = entry_links.find(_token(request.POST["link"]), now=clock.now())
    except NotFound:
        form.refuse(gettext("join.over"))
        return show(request, "counsellors/join_link.html", form=form, wrong=True)
    # Any earlier session of this browser ends here.
    request.session.flush()
    request.session[_LINK] = link.pk
    request.session.set_expiry(accounts.SECOND_STEP_TTL)
    return redirect("join")


def _choose_password(request: HttpRequest, link: EntryLink) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            try:
                person = entry_links.choose_password(link.pk, form.cleaned_data["password"], now=clock.now())
            except ValidationError as error:
                form.refuse(" ".join(error.messages))
            except NotFound:
                return redirect("join")
            else:
                accounts.open_second_step(request, person)
                return redirect("login-code" if second_factor.is_set(person) else "login-setup")
        else:
            form.refuse(form.problems())
    return show(
        request,
        "counsellors/join_password.html",
        form=form,
        person=link.person,
        organisation=organisation.name(),
        step=1,
    )


def _device(request: HttpRequest) -> HttpResponse:
    """Serves the last step, for somebody who has given both factors."""
    person = accounts.signed_in(request)
    if person is None:
        if accounts.by_both_factors(request) is not None:
            return redirect("account-passkeys")  # their role demands a passkey
        return show(request, "counsellors/join_link.html", form=LinkForm(), wrong=False)
    home = permissions.home(person)
    if not permissions.may(person, "socket"):
        return redirect(home)
    return show(request, "counsellors/join_device.html", person=person, home=home, step=3)


def _link(request: HttpRequest) -> EntryLink | None:
    try:
        return entry_links.by_id(request.session.get(_LINK, ""), now=clock.now())
    except NotFound:
        return None


def _token(typed: str) -> str:
    """Returns the token, even if a whole URL was typed."""
    return typed.strip().rpartition("#")[2]
