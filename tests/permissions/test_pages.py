"""These tests open every address as every kind of person, and compare the result with docs/permissions.md.
Nobody here has a device except `proven`, a supervisor in whose browser one was proven. A new address needs a
row; the message shows the present outcome."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from chat.figures import counters
from chat.models import Line, Service, Work
from chat.planning.models import Place, Shift, Swap
from chat.practice import practising
from chat.reports.models import Theme
from counsellors import permissions
from counsellors.models import Authenticator, Device, Person, Replacement, Role
from helpline import frontend
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor
from tests.support.texts import both

TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
COLUMNS = ("stranger", "half", "counsellor", "supervisor", "proven", "partner", "administrator")
YES, REFUSALS = "yes", {"login", "join", "404", "403", "405"}
OWN, OTHER, BY = " of an own line", " of another line", " action "
EXAMPLES = {
    "language": "nl",
    "name": "caller/caller.js",
    "period": "2026-10",
    "year": "2026",
    "app_label": "counsellors",
    "url": "x",
    "number": "1",
    "secret": "given-to-nobody",
    "slug": "image-abuse",
}
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
MISSED = 404, 403, 405
INSIDE = ("/account/", "/admin/", "/board/", "/console/", "/desk/", "/people/", "/rota/")


def rows() -> dict[str, dict[str, str]]:
    """Returns the expected outcomes, by address."""
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| /")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: dict(zip(COLUMNS, outcomes, strict=True)) for name, *outcomes in cells}


ROWS = rows()


def routes(patterns: Any = None, before: str = "/") -> Iterator[tuple[str, str]]:
    """Returns every address of the site, as the table writes it, and the scope of its view, which is "" in
    the admin."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + re.sub(r"\(\?P<(\w+)>.*?\)", r"<\1>", str(one.pattern)).strip("^").removesuffix("$")
        route = route.replace("/^", "/")
        if isinstance(one, URLPattern):
            yield route, getattr(one.callback, "scope", "")
        elif isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)


def addresses(administrator: Person) -> list[str]:
    """Returns the addresses with what a row adds to one: whose line it is, and the actions of a list."""
    found = []
    for route, scope in routes():
        found += [route + whose for whose in ((OWN, OTHER) if scope == "line" else ("",))]
    request = RequestFactory().get("/")
    request.user = administrator
    administrator.otp_device = Authenticator.objects.get(user=administrator)  # type: ignore[attr-defined]
    for model, page in admin.site._registry.items():
        meta = model._meta
        names = sorted(page.get_actions(request))
        found += [f"/admin/{meta.app_label}/{meta.model_name}/{BY}{name}" for name in names]
    return found


@dataclass
class Browsers:
    """Holds one browser for each column of the table."""

    people: dict[str, Person | None]
    clients: dict[str, Client]

    def outcome(self, who: str, name: str, *, posts: bool = False) -> str:
        route, _, action = name.partition(BY)
        path = _path(route)
        client = self.clients[who]
        if action:
            sent = {"action": action, "_selected_action": [_object(path)]}
            answer = client.post(path, sent)
        else:
            answer = client.post(path) if posts else client.get(path)
            if answer.status_code == 405:
                answer = client.post(path)  # an address that takes forms only
        if answer.status_code in MISSED:
            return str(answer.status_code)
        moved = answer.headers.get("Location", "")
        if moved.startswith("/login/"):
            return "login"
        if moved == "/join/":
            return "join"
        person = self.people[who]
        return "home" if person is not None and moved == permissions.home(person) else YES

    def row(self, name: str) -> str:
        """Returns the row as the table would write it."""
        return f"| {name} | {' | '.join(self.outcome(who, name) for who in COLUMNS)} |"


def _path(route: str) -> str:
    """Returns an existing address for the route."""
    line = "stopitnow" if route.endswith(OTHER) else "helpwanted"
    known = EXAMPLES | {"line": line, "release": frontend.release(), "content_type_id": "1"}
    known |= {"name": "admin/css/base.css"} if route.startswith("/static/") else {}
    known |= {"period": "2026"} if "/report/" in route or "/theme/" in route else {}
    route = route.removesuffix(OWN).removesuffix(OTHER)
    return PLACE.sub(lambda place: known.get(place[1]) or _object(route), route)


def _object(route: str) -> str:
    """Returns one of the rows that the page of the admin is about."""
    words = route.strip("/").split("/")
    if words[0] == "rota":
        return (Swap if "asked" in words else Shift).objects.values_list("pk", flat=True)[0]
    if words[0] == "people":
        if "undo" in words:
            return Replacement.objects.get().pk
        return Person.objects.get(username="carla").handle
    if words[1:2] == ["r"]:
        return "1"
    model = apps.get_model(words[1], words[2])
    rows = model._default_manager.filter(username="nobody") if model is Person else model._default_manager
    return str(rows.values_list("pk", flat=True)[0])


@pytest.fixture
def browsers(helpwanted: Line, stopitnow: Line, daan: Counsellor, esra: Counsellor) -> Browsers:
    people = {"counsellor": staff.carla(), "supervisor": staff.floor(), "partner": staff.gijs()}
    people["administrator"] = staff.ilse()
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    Work.objects.create(person=people["counsellor"], line=helpwanted)
    Work.objects.create(person=people["supervisor"], line=helpwanted)
    Work.objects.create(person=people["partner"], service=csg)
    people["proven"] = Person.objects.create_user("hanna", staff.PASSWORD, "Hanna")
    Role.objects.create(person=people["proven"], name=Role.Name.SUPERVISOR)
    Authenticator.of(people["proven"])
    Work.objects.create(person=people["proven"], line=helpwanted)
    Replacement.objects.create(
        person=people["counsellor"],
        by=people["supervisor"],
        at=datetime(2026, 11, 18, 12, tzinfo=UTC),
        mark="",
    )
    practising.line_of(daan.person, "helpwanted")
    practising.line_of(esra.person, "stopitnow")
    Person.objects.create_user("nobody", staff.PASSWORD, "Nobody")
    for line in ("helpwanted", "stopitnow"):
        counters.count_all({("answered", ""): 30}, line, now=datetime(2026, 10, 15, 18, tzinfo=UTC))
    Theme.objects.create(line=helpwanted, slug="image-abuse", says=both("Beeld", "Image"), question="detail")
    _on_the_rota(helpwanted, daan.person, people["counsellor"])
    half = Client()
    staff.give_password(half, "carla")
    assert Device.objects.filter(person=daan.person).exists(), "something to look at in the admin"
    assert not Device.objects.filter(person__in=people.values()).exists()
    clients = {who: staff.sign_in(person) for who, person in people.items()}
    staff.proves_a_device(clients["proven"], people["proven"])
    return Browsers(
        {"stranger": None, "half": None, **people}, {"stranger": Client(), "half": half, **clients}
    )


def _on_the_rota(line: Line, asks: Person, asked: Person) -> None:
    """Makes one shift, and somebody who could swap on it."""
    starts = datetime(2026, 11, 19, 18, tzinfo=UTC)
    shift = Shift.objects.create(line=line, starts_at=starts, ends_at=starts + timedelta(hours=3), wanted=2)
    given, wanted = (Place.objects.create(shift=shift, person=person) for person in (asks, asked))
    Swap.objects.create(given=given, wanted=wanted)


@pytest.fixture(autouse=True)
def _in_november(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 18, 12, tzinfo=UTC))


def test_no_address_is_missing_in_the_table_and_none_stands_there_that_is_gone(browsers: Browsers) -> None:
    ilse = browsers.people["administrator"]
    assert ilse is not None
    there = addresses(ilse)
    missing = [browsers.row(name) for name in there if name not in ROWS]
    assert missing == [], "read these rows, and put them into docs/permissions.md:\n" + "\n".join(missing)
    assert sorted(ROWS.keys() - set(there)) == []


@pytest.mark.short
@pytest.mark.parametrize("who", COLUMNS)
def test_every_page_answers_as_the_table_says(who: str, browsers: Browsers) -> None:
    found = {name: browsers.outcome(who, name) for name in ROWS}
    assert found == {name: row[who] for name, row in ROWS.items()}


def test_a_supervisor_who_is_an_administrator_too_needs_a_device_for_figures_and_rota(
    browsers: Browsers, helpwanted: Line
) -> None:
    two_roles = Person.objects.create_user("jo", staff.PASSWORD, "Jo")
    for role in (Role.Name.SUPERVISOR, Role.Name.ADMINISTRATOR):
        Role.objects.create(person=two_roles, name=role)
    Authenticator.of(two_roles)
    Work.objects.create(person=two_roles, line=helpwanted)
    browsers.people["two roles"], browsers.clients["two roles"] = two_roles, staff.sign_in(two_roles)
    only_supervisors = [
        name for name, row in ROWS.items() if name.startswith("/board/") and row["supervisor"] == "join"
    ]
    assert only_supervisors
    found = {name: browsers.outcome("two roles", name) for name in only_supervisors}
    assert [name for name, outcome in found.items() if outcome != "join"] == []


@pytest.mark.parametrize("who", COLUMNS)
def test_what_is_refused_to_who_looks_is_refused_to_who_sends_a_form(who: str, browsers: Browsers) -> None:
    refused = [name for name, row in ROWS.items() if row[who] in REFUSALS and BY not in name]
    before = LogEntry.objects.count()
    let_in = [name for name in refused if browsers.outcome(who, name, posts=True) not in REFUSALS]
    assert [name for name in let_in if name != "/api/exit/"] == []  # its answer is the same for everybody
    assert LogEntry.objects.count() == before


def test_who_has_no_session_a_partner_and_the_other_line_find_only_what_is_everybody_s() -> None:
    """The table may never allow this, however it is edited."""
    for name, row in ROWS.items():
        nobody_s = {"stranger", "half"} if name.startswith(INSIDE) else set[str]()
        if name.endswith(OTHER):
            nobody_s = set(COLUMNS)
        elif name.startswith("/admin/"):
            nobody_s = {*COLUMNS} - {"administrator"}
        elif name.startswith(("/board/", "/console/")):
            nobody_s |= {"partner", "administrator"}
        if name.startswith(("/board/figures/", "/people/")) and name != "/people/leave/":
            nobody_s |= {"supervisor", "partner", "counsellor"}
        assert {row[who] for who in nobody_s} <= REFUSALS, name


@pytest.mark.parametrize(("language", "title"), [("nl", "niet voor jou"), ("en", "not for you")])
@pytest.mark.parametrize(("who", "path"), [("counsellor", "/board/"), ("partner", "/console/")])
def test_a_page_of_another_role_is_a_page_of_the_helpline_with_the_way_home(
    browsers: Browsers, who: str, path: str, language: str, title: str
) -> None:
    client = browsers.clients[who]
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 404
    assert title in answer.content.decode()
    home = "/console/" if who == "counsellor" else "/desk/"
    assert f'href="{home}"' in answer.content.decode()
    assert client.get(home).status_code == 200
