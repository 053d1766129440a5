"""Provides what all staff pages share: language, caching and access control."""

import functools
import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from counsellors import audit, permissions
from counsellors.models import Person
from counsellors.pages.head import places
from counsellors.signin import accounts, hashing, sessions
from helpline import languages
from helpline.frontend import release
from helpline.lib import scopes
from helpline.lib.errors import NotFound

type View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Serves a view in the browser's language, and tells the browser not to store the page."""

    @functools.wraps(view)
    def in_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(languages.of_staff(request.headers.get("Accept-Language", ""))):
            try:
                response = view(request, *args, **kwargs)
            except hashing.Busy:
                response = busy(show(request, "counsellors/busy.html"))
            except Http404:
                response = not_here(request)
            if not getattr(response, "is_rendered", True):
                response.render()  # type: ignore[attr-defined]
            # With the site's `no-referrer`, browsers would send a form with `Origin: null`, which is refused.
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response

    return never_cache(in_language)


def with_trusted_types(*policies: str) -> Callable[[View], View]:
    """Names the Trusted Types policies that the page's scripts create. It must be the outermost decorator."""
    override: Callable[[View], View] = csp_override(settings.SECURE_CSP | {"trusted-types": list(policies)})
    return override


def not_here(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    """Returns the same response for somebody else's page and for one that does not exist, with a link to the
    reader's own page."""
    me = accounts.signed_in(request)
    return show(request, "counsellors/not_here.html", status=status, me=me)


def busy(response: HttpResponse) -> HttpResponse:
    """Sets the response's status to 503, because too many passwords are being hashed. The client may try
    again soon."""
    response.status_code = 503
    response.headers["Retry-After"] = str(math.ceil(settings.HASH_PATIENCE.total_seconds()))
    return response


@page
def failed(_request: HttpRequest) -> HttpResponse:
    """Says that a page could not be made. It asks the database nothing, because that may be what failed."""
    return HttpResponse(_fixed_page("counsellors/failed.html", translation.get_language()), status=503)


def busy_page(accepted: str) -> bytes:
    """Returns the page for a request beyond the concurrency limit, in the language of this `Accept-Language`
    header."""
    return _fixed_page("counsellors/busy.html", languages.of_staff(accepted))


@functools.cache
def _fixed_page(template: str, language: str) -> bytes:
    with translation.override(language):
        facts = {"release": release(), "language": language}
        return render_to_string(template, facts).encode()


def only_for(action: str) -> Callable[[View], View]:
    """Requires both factors and a role that allows the action. For any other role it returns 404 and audits
    the refusal."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person = accounts.signed_in(request)
            if person is None:
                # Somebody who gave both factors, but not a demanded passkey, may only add or use one.
                return redirect("account-passkeys" if accounts.by_both_factors(request) else "login")
            if not permissions.may(person, action):
                audit.record(person, "wall", detail=action)
                raise Http404
            return view(request, *args, **kwargs)

        return page(guarded)

    return decorate


def on_a_proven_device(view: View) -> View:
    """Requires that an approved device has been authenticated in this session, in the same way as for a
    console's socket."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if sessions.proven_device(request.session.session_key) is None:
            return redirect("join")  # that page authenticates this browser's key, or makes one
        return view(request, *args, **kwargs)

    return guarded


def on_a_proven_device_or_administers(view: View) -> View:
    """Requires the same, except of administrators, who need no device for their own pages."""
    on_a_device = on_a_proven_device(view)

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = view if permissions.may(person_of(request), "admin") else on_a_device
        return page(request, *args, **kwargs)

    return guarded


def touches(scope: str) -> Callable[[View], View]:
    """Declares whose data a page shows or changes: OWN, ALL, or the part of its URL that identifies the data.

    Also checks that the person may see this data, independently of other decorators. Requires both factors.
    For OWN, the password is enough as long as the person still has to give a code or add a passkey. For data
    of another line, returns 404 and audits the refusal.
    """

    def declare(view: View) -> View:
        @functools.wraps(view)
        def within(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
            person = accounts.signed_in(request)
            if person is None and not (scope == scopes.OWN and _is_on_the_way_in(request)):
                return redirect("login")
            if scope in parts:
                try:
                    scopes.require_own(scope, person, parts[scope])
                except NotFound:
                    about = view.__module__.rpartition(".")[2]
                    audit.record(person, "wall", subject=parts[scope], detail=about)
                    raise Http404 from None
            return view(request, *args, **parts)

        within.scope = scope  # type: ignore[attr-defined]
        return within

    return declare


def _is_on_the_way_in(request: HttpRequest) -> bool:
    """Returns whether the person has given the password, but still has to give a code or add a passkey."""
    return accounts.by_both_factors(request) is not None or accounts.half_signed_in(request) is not None


def signed_in_only(view: View) -> View:
    """Requires both factors, and no particular role."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if accounts.signed_in(request) else redirect("login")

    return page(guarded)


def person_of(request: HttpRequest) -> Person:
    """Returns the person who is signed in. Raises Http404 if nobody is."""
    person = accounts.signed_in(request)
    if person is None:
        raise Http404
    return person


def show(request: HttpRequest, template: str, *, status: int = 200, **facts: object) -> HttpResponse:
    """Renders a template of the staff's pages, with the values that all of them need."""
    me = accounts.signed_in(request)
    facts |= {
        "release": release(),
        "language": translation.get_language(),
        "languages": " ".join(languages.addresses()),
        "needed": " ".join(languages.staff_codes()),
    }
    facts |= {"me": me, "places": places(request, me) if me else []}
    facts["home"] = facts.get("home") or (permissions.home(me) if me else "/login/")
    return render(request, template, facts, status=status)
