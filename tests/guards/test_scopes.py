"""A request or page that does not declare whose data it touches does not load; one that declares it is
checked."""

import importlib
from types import ModuleType
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import converters, get_resolver, path

from chat.models import Line
from chat.protocol import CONSOLE
from chat.reports.pages import figures
from chat.requests.declared import REQUESTS, request
from counsellors.administration.site import OnRecord, StaffSite
from counsellors.models import Authenticator, Person
from counsellors.pages.common import touches
from helpline import urls
from helpline.lib import scopes
from helpline.lib.scopes import OWN, NotDeclared
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor

# They are not subclasses of Request, because the published contract lists those.
OfALine: Any = msgspec.defstruct("OfALine", [("line", str)], tag="ofaline")
Nobodys: Any = msgspec.defstruct("Nobodys", [("text", str)], tag="nobodys")


async def handler(_consumer: object, _asked: object) -> None:
    """Answers with an ok without fields."""


def view(_request: HttpRequest, **_: object) -> HttpResponse:
    return HttpResponse("shown")


# Requests


def test_a_request_that_names_a_line_and_says_nothing_does_not_import() -> None:
    with pytest.raises(NotDeclared, match=r'`ofaline` names a line .*say scope=PUBLIC.*as scope="line"'):
        request(OfALine, consumers=CONSOLE)(handler)
    assert OfALine not in REQUESTS[CONSOLE]


@pytest.mark.parametrize("field", sorted(scopes.NAMING))
def test_each_of_the_fields_that_name_something_asks_for_a_declaration(field: str) -> None:
    with pytest.raises(NotDeclared, match=f"names a {field}"):
        scopes.of_request("new", ["text", field, "ref"], None)
    assert scopes.of_request("new", ["text", field, "ref"], field) == field


def test_a_scope_that_is_no_field_is_a_slip_of_the_pen() -> None:
    with pytest.raises(NotDeclared, match=r"`nobodys` declares the scope 'lien'"):
        request(Nobodys, consumers=CONSOLE, scope="lien")(handler)


# Pages


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (view, r"/board/new/<slug:line>/: the page declares no scope.*@touches\(\"line\"\)"),
        (touches(OWN)(view), r"@touches\(\"line\"\)"),
        (touches("shift")(view), r"@touches\(\"line\"\)"),
    ],
)
def test_a_page_of_a_line_that_does_not_say_so_ends_the_start(declared: Any, says: str) -> None:
    with pytest.raises(NotDeclared, match=says):
        scopes.require_declared([path("board/new/<slug:line>/", declared)])


def test_a_page_that_names_nothing_says_whose_it_is_all_the_same() -> None:
    with pytest.raises(NotDeclared, match=r"/new/: the page declares no scope.*@touches\(OWN\).*or @public"):
        scopes.require_declared([path("new/", view)])
    scopes.require_declared(
        [path("new/", touches(OWN)(view)), path("door/", scopes.public(lambda _: HttpResponse()))]
    )


def test_every_address_that_there_is_has_its_declaration_and_the_start_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scopes.require_declared(get_resolver().url_patterns)
    monkeypatch.delattr(figures.periods, "scope")
    monkeypatch.delitem(converters.REGISTERED_CONVERTERS, "any_language")
    twin = ModuleType("helpline.urls_again")
    spec = importlib.util.spec_from_file_location(twin.__name__, urls.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(NotDeclared, match="/board/figures/<slug:line>/: the page declares no scope"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.django_db
def test_a_page_holds_to_what_it_declares_whatever_guards_were_forgotten(
    helpwanted: Line, stopitnow: Line, carla: Counsellor
) -> None:
    page = touches("line")(view)
    asked: Any = RequestFactory().get("/")
    asked.session, asked.user = {}, AnonymousUser()
    assert page(asked, line=helpwanted.pk).headers["Location"] == "/login/"
    asked.user = Person.objects.get(pk=carla.person.pk)
    assert page(asked, line=helpwanted.pk).headers["Location"] == "/login/", "without the second factor"
    asked.user.otp_device = Authenticator(user=asked.user, confirmed=False)
    assert page(asked, line=helpwanted.pk).headers["Location"] == "/login/", "a colleague replaces it"
    asked.user.otp_device = Authenticator(user=asked.user)
    assert page(asked, line=helpwanted.pk).content == b"shown"
    with pytest.raises(Http404):
        page(asked, line=stopitnow.pk)
    assert staff.audited("wall") == [(carla.person.handle, stopitnow.pk, "test_scopes")]


# The admin


class Undeclared(OnRecord):
    """Represents a page whose author forgot the declaration."""


def test_a_class_of_the_admin_that_says_nothing_ends_the_start_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = StaffSite()
    site.register(Line, Undeclared)
    with pytest.raises(NotDeclared, match="Undeclared declares no scope: write `scope = ALL`"):
        scopes.require_declared(site.urls[0], "/admin/")
    monkeypatch.setattr("django.contrib.admin.site.has_permission", lambda _: True)
    asked = RequestFactory().get("/")
    assert not Undeclared(Line, site).has_view_permission(asked)
    monkeypatch.setattr(Undeclared, "scope", scopes.ALL)
    assert Undeclared(Line, site).has_view_permission(asked)
