"""Each cell of docs/permissions.md about requests is played, and compared with what each request declares.
Anna talks with Carla, who is in charge. Daan is a counsellor of the same line without a seat there, Femke is
its colleague. Esra and Otto work for Stop it Now and Gijs for CSG, which are other lines. Floor supervises
the line."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect

from chat import protocol
from chat.consumers.base import Consumer
from chat.conversation.seats import Seat
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import (
    ApprovalRequest,
    Conversation,
    Debrief,
    Hold,
    Invitation,
    Line,
    Member,
    Reading,
    Service,
)
from chat.planning.models import Shift
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests.declared import ANY, EVERY_CONSUMER, IN_CHARGE, REQUESTS, SEATED, Declared, decoder
from chat.states import How
from counsellors import permissions
from counsellors.models import AuditRow, Device, Person, Replacement
from helpline.lib import clock, encoding, scopes
from tests.planning.cast import a_shift
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_counsellor, a_partner
from tests.support.domain.consumer import Heard, a_console, a_desk, a_page
from tests.support.domain.supervisors import a_supervisor

TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
ROLES = ("counsellor", "supervisor", "partner")
YES, NO = "yes", "–"
SAVE_OFF = "approved, save `off"


@dataclass(frozen=True)
class Row:
    """Represents a row of the table."""

    request: str
    caller: str
    counsellor: str
    supervisor: str
    partner: str
    guest: str
    device: str
    scope: str
    seat: str

    @property
    def consumers(self) -> set[str]:
        console = any(getattr(self, role) == YES for role in ROLES)
        taken = {CALLER: self.caller == YES, CONSOLE: console, DESK: self.guest == YES}
        return {consumer for consumer, takes in taken.items() if takes}

    @property
    def roles(self) -> set[str]:
        return {role for role in ROLES if getattr(self, role) == YES}


def rows() -> list[Row]:
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| `")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return [Row(*row) for row in cells]


ROWS = {row.request: row for row in rows()}


def declared_as(name: str) -> Row:
    """Returns what the code declares, in the words of the table."""
    by_consumer = {consumer: _declared(consumer, name) for consumer in EVERY_CONSUMER}
    console = by_consumer[CONSOLE]
    of_staff = console or by_consumer[DESK]
    allowed = permissions.MAY[console.may] if console and console.may else frozenset(ROLES)
    return Row(
        request=name,
        caller=_mark(by_consumer[CALLER] is not None),
        **{role: _mark(console is not None and role in allowed) for role in ROLES},
        guest=_mark(by_consumer[DESK] is not None),
        device=_device(console),
        scope=next((one.scope for one in by_consumer.values() if one and one.scope), NO),
        seat=(of_staff.seat if of_staff else None) or NO,
    )


def _declared(consumer: str, name: str) -> Declared | None:
    return next((one for one in REQUESTS[consumer].values() if one.name == name), None)


def _device(console: Declared | None) -> str:
    if console is None or console.device == ANY:
        return NO
    return SAVE_OFF if callable(console.device) and console.name == "duty" else "approved"


def _mark(holds: bool) -> str:
    return YES if holds else NO


# The table and the declarations


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_request_is_declared_as_the_table_says(name: str) -> None:
    assert declared_as(name) == ROWS[name], "change docs/permissions.md and the declaration together"


def test_no_request_is_missing_in_the_table() -> None:
    declared = {one.name for consumer in REQUESTS.values() for one in consumer.values()}
    assert declared == set(ROWS)
    assert len(ROWS) == len(rows()), "a row stands there twice"


# The scene


@dataclass
class Scene:
    anna: Caller
    carla: Counsellor
    daan: Counsellor
    femke: Counsellor
    floor: Counsellor
    esra: Counsellor
    otto: Counsellor
    gijs: Counsellor
    guest: Seat
    things: dict[str, str]

    def of_role(self, role: str) -> Counsellor:
        return {"counsellor": self.carla, "supervisor": self.floor, "partner": self.gijs}[role]

    def on_record(self, wall: str) -> str:
        """Returns a conversation and what belongs to it, by its number."""
        of_anna = wall in {"conversation", "invitation", "reading", "hold"}
        return self.anna.recorded_as if of_anna else self.things[wall]

    def beyond(self, row: Row) -> list[Counsellor]:
        """Returns who may send such a request, but not about this line."""
        return [
            who
            for role, who in (("counsellor", self.esra), ("supervisor", self.otto), ("partner", self.gijs))
            if role in row.roles
        ]


@pytest.fixture
def scene(helpwanted: Line, stopitnow: Line, carla: Counsellor, daan: Counsellor, floor: Counsellor) -> Scene:
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    Service.objects.create(slug="elders", name="Elders")
    anna, now = a_caller(), clock.now()
    seat = carla.takes_next()
    femke = a_counsellor("Femke", helpwanted)
    anna.grants()
    consult = invitations.invite(seat, How.CONSULT, To(staff=femke.person.handle), None, now=now)
    invitations.accept(consult.pk, femke.person, femke.device.pk, now=now)
    anna.grants()
    ringing = invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=now)
    reading = Reading.objects.create(
        conversation_id=anna.conversation, person=floor.person, reason="quality", asked_at=now
    )
    hold = Hold.objects.create(
        conversation_id=anna.conversation,
        reason="legal",
        until=now + timedelta(days=3),
        asked_by=floor.person,
        asked_at=now,
    )
    wanted = ApprovalRequest.objects.create(
        kind="retention", line=helpwanted, asked_by=floor.person, asked_at=now
    )
    debrief = Debrief.objects.create(
        person=carla.person, line=helpwanted, why=Debrief.Why.ASKED, asked_at=now
    )
    replaced = Replacement.objects.create(person=carla.person, by=floor.person, at=now, mark="")
    guest = Member.objects.create(
        conversation_id=a_caller().conversation,
        role="partner",
        joined_seq=2,
        joined_at=now,
        presence_since=now,
        key=secrets.token_bytes(65),
    )
    return Scene(
        anna=anna,
        carla=carla,
        daan=daan,
        femke=femke,
        floor=floor,
        esra=a_counsellor("Esra", stopitnow),
        otto=a_supervisor("Otto", stopitnow),
        gijs=a_partner("Gijs", csg),
        guest=Seat(guest.conversation_id, guest.pk, guest.role),
        things={
            "line": "helpwanted",
            "conversation": anna.conversation,
            "invitation": ringing.pk,
            "device": carla.device.fingerprint,
            "person": carla.person.handle,
            "reading": reading.pk,
            "hold": hold.pk,
            "approval": wanted.pk,
            "replacement": replaced.pk,
            "debrief": debrief.pk,
            "shift": a_shift(floor).pk,
        },
    )


def test_what_stands_behind_the_wall_is_really_there(scene: Scene) -> None:
    kinds = {
        "line": Line,
        "conversation": Conversation,
        "invitation": Invitation,
        "reading": Reading,
        "hold": Hold,
        "approval": ApprovalRequest,
        "replacement": Replacement,
        "debrief": Debrief,
        "shift": Shift,
    }
    for name, kind in kinds.items():
        assert kind._default_manager.filter(pk=scene.things[name]).exists()
    assert Device.objects.filter(fingerprint=scene.things["device"]).exists()
    assert Person.objects.filter(handle=scene.things["person"]).exists()


ENTRY = {
    "name": "CSG", "purpose": {}, "for_callers": {}, "needs": "", "phone": "", "chat": False, "site": "",
    "free": None, "languages": "nl", "age_from": None, "age_to": None, "always_open": False, "webhook": "",
    "source": "", "verified": None,
}  # fmt: skip

LINE = {
    "name": "Helpwanted", "formal": False, "boost_soon": 0, "boost_acute": 15, "goal_at_once": None,
    "goal_soon": None, "phone": "", "on_call_phone": "", "path": "helpwanted", "hosts": "",
    "template": "young-victims", "services": [], "alert_url": "",
}  # fmt: skip

# Values that the type alone does not determine.
FIELDS: dict[str, Any] = {
    "locale": "nl",
    "language": "nl",
    "id": encoding.new_id(),
    "key": encoding.encode(bytes(65)),
    "public": encoding.encode(bytes(65)),
    "since": 0,
    "to": {"line": "helpwanted"},
    "until": "2027-01-01T00:00:00Z",
    "week": [[]] * 7,
    "keep": True,
    "item": "0" * 16,
    "sig": encoding.encode(bytes(64)),
    "monday": "2026-11-30",
    "day": "2026-11-30",
    "opens": "19:00",
    "closes": "22:00",
    "service": "csg",
    "entry": ENTRY,
    "settings": LINE,
}


def frame(kind: type[protocol.Request], scene: Scene) -> dict[str, Any]:
    """Returns fields that fit: those of the scene by their name, the others by their type."""
    known = FIELDS | scene.things
    fields = [field for field in inspect.type_info(kind).fields if field.name != "ref"]  # type: ignore[attr-defined]
    return {
        field.name: known[field.name] if field.name in known else _fitting(field.type) for field in fields
    }


PLAIN: dict[type[inspect.Type], Any] = {
    inspect.NoneType: None,
    inspect.BoolType: False,
    inspect.StrType: "AA",
    inspect.DictType: {},
    inspect.ListType: [],
}


def _fitting(kind: inspect.Type) -> Any:
    if isinstance(kind, inspect.Metadata):
        return _fitting(kind.type)
    if isinstance(kind, inspect.UnionType):
        nothing = any(isinstance(one, inspect.NoneType) for one in kind.types)
        return None if nothing else _fitting(kind.types[0])
    if isinstance(kind, inspect.IntType):
        return max(1, kind.ge or 1)
    if isinstance(kind, inspect.ListType) and isinstance(kind.item_type, inspect.StrType):
        return ["AA"] * (kind.min_length or 0)
    return kind.values[0] if isinstance(kind, inspect.LiteralType) else PLAIN[type(kind)]


# Playing


class Spied:
    """Wraps the handler of a request, and records that it was reached."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.reached = 0

    async def __call__(self, _consumer: object, _asked: object) -> None:
        self.reached += 1


@contextmanager
def spied(consumer: str, name: str) -> Iterator[Spied]:
    one = _declared(consumer, name)
    spy = Spied(name)
    if one is not None:
        REQUESTS[consumer][one.frame] = replace(one, handler=spy)
    try:
        yield spy
    finally:
        if one is not None:
            REQUESTS[consumer][one.frame] = one


type Failures = list[str]


def play(name: str, scene: Scene) -> Failures:
    """Plays every cell of a row. Returns the outcomes that differ from the table."""
    row = ROWS[name]
    return [
        *_roles(row, scene),
        *_consumers(row, scene),
        *_device_cell(row, scene),
        *_scope(row, scene),
        *_seat(row, scene),
    ]


def _reaches(heard: Heard, consumer: str, row: Row, fields: dict[str, Any], *, opened: bool) -> str:
    """Returns the answer: `reached` if the request came to its handler."""
    heard.consumer.opened = opened
    with spied(consumer, row.request) as spy:
        answer = heard.asks(row.request, **fields)
    return "reached" if spy.reached else answer


def _roles(row: Row, scene: Scene) -> Failures:
    kind = _frame_of(row.request, CONSOLE)
    failures = []
    for role in ROLES if CONSOLE in row.consumers else ():
        who = scene.of_role(role)
        heard = a_console(who.person, who.device)
        fields = frame(kind, scene)
        answer = _reaches(heard, CONSOLE, row, fields, opened=row.request != "hello")
        wanted = "reached" if role in row.roles else "forbidden"
        if answer != wanted:
            failures.append(f"{role}: {answer} instead of {wanted}")
    return failures


def _consumers(row: Row, scene: Scene) -> Failures:
    opening = row.request in {"start", "resume", "return", "desk"}
    heard = {CALLER: a_page(None if opening else scene.anna.seat), DESK: a_desk(scene.guest)}
    failures = []
    for consumer, page in heard.items():
        kind = _frame_of(row.request, consumer)
        answer = _reaches(page, consumer, row, frame(kind, scene), opened=not opening)
        wanted = "reached" if consumer in row.consumers else "bad_frame"
        if answer != wanted:
            failures.append(f"{consumer}: {answer} instead of {wanted}")
    if CONSOLE not in row.consumers:
        carla = a_console(scene.carla.person, scene.carla.device)
        answer = carla.asks(row.request, **frame(_frame_of(row.request, CALLER), scene))
        if answer != "bad_frame":
            failures.append(f"console: {answer} instead of bad_frame")
    return failures


def _device_cell(row: Row, scene: Scene) -> Failures:
    """Plays the cell about the device in each role, also in those that may not ask, which learn nothing about
    it."""
    if CONSOLE not in row.consumers or row.request == "hello":
        return []
    failures = []
    for role in ROLES:
        fields = frame(_frame_of(row.request, CONSOLE), scene)
        unproven = a_console(scene.of_role(role).person, None)
        answer = _reaches(unproven, CONSOLE, row, fields, opened=True)
        wanted = ("reached" if role in row.roles else "forbidden") if row.device == NO else "conflict"
        if answer != wanted:
            failures.append(f"{role} without a proven device: {answer} instead of {wanted}")
    return failures


def _scope(row: Row, scene: Scene) -> Failures:
    failures = []
    for who in scene.beyond(row) if row.scope in scene.things else ():
        before = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        heard = a_console(who.person, who.device)
        answer = heard.asks(row.request, **frame(_frame_of(row.request, CONSOLE), scene))
        noted = AuditRow.objects.filter(
            pk__gt=before, action="wall", actor=who.person.handle, subject=scene.on_record(row.scope)
        )
        if answer != "not_found" or not noted.exists():
            failures.append(f"{who.person.alias} of another line: {answer}, on record: {noted.exists()}")
    return failures


def _seat(row: Row, scene: Scene) -> Failures:
    failures = []
    if row.seat != NO and row.scope == "conversation":
        fields = frame(_frame_of(row.request, CONSOLE), scene)
        stranger = a_console(scene.daan.person, scene.daan.device).asks(row.request, **fields)
        if stranger != "not_found":
            failures.append(f"without a seat: {stranger} instead of not_found")
    if row.seat == IN_CHARGE:
        fields = frame(_frame_of(row.request, CONSOLE), scene)
        colleague = a_console(scene.femke.person, scene.femke.device).asks(row.request, **fields)
        if colleague != "forbidden":
            failures.append(f"not in charge: {colleague} instead of forbidden")
    if row.seat != NO and DESK in row.consumers:
        fields = frame(_frame_of(row.request, DESK), scene)
        elsewhere = a_desk(scene.guest).asks(row.request, **fields)
        if elsewhere != "not_found":
            failures.append(f"a guest elsewhere: {elsewhere} instead of not_found")
    return failures


# These count as declared, also while a test has dropped a consumer.
FRAMES = {
    (one.name, consumer): one.frame for consumer in EVERY_CONSUMER for one in REQUESTS[consumer].values()
}


def _frame_of(name: str, consumer: str) -> type[protocol.Request]:
    """Returns the request's frame for that consumer, or for another one that has it."""
    return next(FRAMES[name, at] for at in (consumer, *EVERY_CONSUMER) if (name, at) in FRAMES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scope", sorted({row.scope for row in ROWS.values()}))
def test_every_cell_of_the_table_is_what_a_socket_meets(scope: str, scene: Scene) -> None:
    # All rows of a scope share a scene: what is allowed is not carried out, what is refused changes nothing.
    played = {row.request: play(row.request, scene) for row in ROWS.values() if row.scope == scope}
    assert {name: failures for name, failures in played.items() if failures} == {}


@pytest.mark.django_db(transaction=True)
def test_what_is_another_line_s_is_refused_before_the_handler_whatever_that_would_check(scene: Scene) -> None:
    checked = [row for row in ROWS.values() if row.scope in scene.things and scopes.has_check(row.scope)]
    assert {row.scope for row in checked} == {"line", "person", "device", "shift"}
    through = []
    for row in checked:
        for who in scene.beyond(row):
            fields = frame(_frame_of(row.request, CONSOLE), scene)
            heard = a_console(who.person, who.device)
            if (answer := _reaches(heard, CONSOLE, row, fields, opened=True)) != "not_found":
                through.append((row.request, who.person.alias, answer))
    assert through == []


# A dropped declaration is noticed


def mutants(name: str) -> Iterator[tuple[str, str, Declared | None]]:
    """Yields the declaration without one of its parts: each consumer, right, device and scope of a
    request."""
    for consumer in EVERY_CONSUMER:
        one = _declared(consumer, name)
        if one is None:
            continue
        yield f"the consumer {consumer}", consumer, None
        if one.may is not None:
            yield f"may={one.may}", consumer, replace(one, may=None)
        if one.device != ANY and consumer == CONSOLE:
            yield "device", consumer, replace(one, device=ANY)
        if one.field is not None and consumer == CONSOLE:
            yield f"scope={one.scope}", consumer, replace(one, scope=None)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_is_dropped_from_a_declaration_turns_a_played_cell_red(name: str, scene: Scene) -> None:
    missed = [
        what for what, consumer, mutant in mutants(name) if not _is_noticed(name, consumer, mutant, scene)
    ]
    assert missed == []


def _is_noticed(name: str, consumer: str, mutant: Declared | None, scene: Scene) -> bool:
    frame_kind = _frame_of(name, consumer)
    original = REQUESTS[consumer].pop(frame_kind)
    if mutant is not None:
        REQUESTS[consumer][frame_kind] = mutant
    Consumer.decode[consumer] = decoder(consumer)
    try:
        return bool(play(name, scene))
    finally:
        REQUESTS[consumer][frame_kind] = original
        Consumer.decode[consumer] = decoder(consumer)


def test_the_words_of_the_table_are_those_of_the_code() -> None:
    assert {row.seat for row in ROWS.values()} == {NO, SEATED, IN_CHARGE}
