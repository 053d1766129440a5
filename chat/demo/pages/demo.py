"""Serves the start page of a demo. It lists the people of the demo; a click signs in as one of them, at that
person's own host.

Cookies belong to a host, so with `http://<username>.localhost:PORT` one browser can be signed in as all
people of the demo at once. The page exists only in a demo, and only for requests that come from this computer
and through no proxy.
"""

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chat.demo.pages import evening
from chat.models import Line, Service
from counsellors import permissions
from counsellors.models import Authenticator, Person
from counsellors.pages.common import page, show
from counsellors.signin import accounts
from helpline.lib import scopes
from helpline.lib.origins import is_from_this_host

# Each person on the page has a form that is sent to that person's own host.
POLICY = settings.SECURE_CSP | {"form-action": [CSP.SELF, *settings.DEMO_HOSTS.values()]}
EVENING = "evening"
TICKET_TTL_SECONDS = 24 * 3600  # how long the forms of an open page stay valid

type View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Group:
    """Holds the people of a line or a service. `path` is the path of the line's page for callers, or "" for a
    service."""

    name: str
    path: str
    people: list[dict[str, str]]


def in_a_demo(view: View) -> View:
    """Wraps a view. Outside a demo, the wrapped view answers 404. In a demo, it answers 404 to requests that
    do not come from this computer."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO and is_from_this_host(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return page(guarded)


@csp_override(POLICY)
@require_GET
@in_a_demo
@scopes.public
def people(request: HttpRequest) -> HttpResponse:
    """Shows the people of the demo, so that a visitor can sign in as one of them, and things to try. The
    parameter `plays` means that a simulated evening has just been started."""
    return show(
        request,
        "demo/demo.html",
        groups=list(_groups()),
        evening=_signer().sign(EVENING),
        plays="plays" in request.GET,
    )


@csrf_exempt
@require_POST
@in_a_demo
@scopes.public
def become(request: HttpRequest) -> HttpResponse:
    """Signs in the person to whom this host belongs. The ticket proves that the request comes from a page of
    this demo, and not from another site.

    The response is a page and not a redirect: after a redirect that began at another host, a browser would
    not send the new cookie, which is SameSite=Strict.
    """
    username = _asked(request)
    if settings.DEMO_HOSTS.get(username) != f"{request.scheme}://{request.get_host()}":
        raise Http404
    person = Person.objects.filter(username=username, is_active=True).first()
    factor = Authenticator.objects.filter(user=person, confirmed=True).first() if person else None
    if person is None or factor is None:
        raise Http404
    accounts.sign_in(request, person, factor)
    return show(request, "demo/in.html", alias=person.alias, home=permissions.home(person))


@csrf_exempt
@require_POST
@in_a_demo
@scopes.public
def play_evening(request: HttpRequest) -> HttpResponse:
    """Starts the same simulated evening as the button on the board."""
    if _asked(request) != EVENING:
        raise Http404
    evening.begin()
    return redirect("/demo/?plays#more")


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="helpline demo")


def _asked(request: HttpRequest) -> str:
    try:
        return _signer().unsign(request.POST.get("ticket", ""), max_age=TICKET_TTL_SECONDS)
    except signing.BadSignature:
        raise Http404 from None


def _groups() -> Iterator[Group]:
    demo = json.loads(settings.DEMO_FILE.read_text())
    rows, hosts = demo["people"], demo["hosts"]
    for slug, path in demo["paths"].items():
        own = [row for row in rows if slug in row["lines"]]
        yield Group(Line.objects.get(pk=slug).name, path, _shown(own, hosts))
    for slug in dict.fromkeys(row["service"] for row in rows if row["service"]):
        own = [row for row in rows if row["service"] == slug]
        yield Group(Service.objects.get(pk=slug).name, "", _shown(own, hosts))
    yield Group("", "", _shown([row for row in rows if not row["lines"] and not row["service"]], hosts))


def _shown(rows: list[dict[str, Any]], hosts: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "alias": row["alias"],
            "role": row["roles"][0],
            "host": hosts[row["username"]],
            "ticket": _signer().sign(row["username"]),
        }
        for row in rows
    ]
