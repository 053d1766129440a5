"""Once a conversation is gone, nothing that a browser had of it equals anything on the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from chat import outbox
from chat.conversation import acute, departures, endings, erasing, log, posting, risk
from chat.conversation.seats import Seat
from chat.figures import feedback, wrapup
from chat.handoff import guests, invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Invitation, Line, Member, Service
from chat.requests.conversation.delivery import entry_frame
from chat.retention import holds, readings
from chat.states import How
from chat.supervision import audit_trail
from counsellors import audit_heads
from counsellors.models import AuditRow
from helpline.lib import clock, encoding, guest_links
from helpline.lib.signed_post import new_secret
from tests.support.domain import leftovers
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_box,
    a_caller,
    a_partner,
    a_point,
    later,
    writes_down,
)
from tests.support.domain.consumer import a_console
from tests.support.domain.guests import veilig_thuis
from tests.support.domain.leftovers import Known
from tests.support.domain.receivers import Receiver
from tests.support.domain.supervisors import makes_key, purge_at
from tests.support.sealing import b64url

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
DAY = 24 * 3600


@dataclass
class Talk:
    """Holds Anna's acute conversation with everything that happened to it and everything that browsers had of
    it."""

    anna: Caller
    known: Known
    link: str
    recorded_as: str
    ended: datetime


@dataclass
class Services:
    """Holds CSG, which has a desk and a system that is notified, and Veilig Thuis, which is sent links."""

    gijs: Counsellor
    told: Receiver


@pytest.fixture
def services(helpwanted: Line, receiver: Receiver) -> Services:
    csg = Service.objects.create(
        slug="csg", name="CSG", desk=True, webhook_url=f"{receiver.url}/bel", webhook_secret=new_secret()
    )
    veilig_thuis(contact_mail="", contact_url=f"{receiver.url}/link", contact_secret=new_secret())
    return Services(a_partner("Gijs", csg), receiver)


@pytest.fixture
def talk(carla: Counsellor, floor: Counsellor, services: Services, own_keys: Path) -> Talk:
    makes_key(floor)
    anna = a_caller(urgency=2)
    code = writes_down(anna)
    seat = carla.takes_next()
    anna.grants()
    for sender, kind in ((anna.seat, "message"), (seat, "message"), (seat, "note")):
        writes(sender, kind)
    risk.flag(seat, risk.ACUTE, now=clock.now())
    risk.acknowledge(floor.person, anna.conversation, now=clock.now())
    acute.take_step(seat, "tell", "done", now=clock.now())
    guest, link = a_guest_comes(anna, seat)
    is_handed_over(anna, seat, services.gijs)
    known = leftovers.of_rows(anna.conversation)
    wrapup.wrap_up(carla.person, anna.conversation, {"subject": "abuse_and_violence"}, now=clock.now())
    ticket = feedback.ticket(Conversation.objects.get(pk=anna.conversation), now=clock.now())
    assert ticket
    feedback.give(ticket, {"heard": "yes"}, now=clock.now())
    known.add("ticket", ticket)
    known.add("token", anna.opened.token)
    known.add("shelf", anna.opened.shelf)
    known.add("code", code)
    known.add("link", link)
    known.add("guest's token", guest.resume)
    known.add("guest's key", Member.objects.get(pk=guest.seat.member).key)
    row = Conversation.objects.get(pk=anna.conversation)
    assert row.ended_at
    return Talk(anna, known, link, row.recorded_as, row.ended_at)


def writes(sender: Seat, kind: str) -> None:
    message = encoding.new_id()
    box = a_box(sender, epoch=1, message=message, kind=3 if kind == "note" else 1)
    posting.post(sender, message, 1, box, kind=kind, now=clock.now())


def a_guest_comes(anna: Caller, seat: Seat) -> tuple[guests.Seated, str]:
    """Lets a guest join by a link and leave again. Returns the link, too."""
    asked = is_asked(anna, seat, "veilig-thuis")
    link = guest_links.token(asked.pk)
    guest = guests.sit(link, guest_links.pin(asked.pk), a_point(), socket="guest", now=clock.now())
    anna.grants()
    departures.leave(guest.seat, now=clock.now())
    anna.grants()
    return guest, link


def is_handed_over(anna: Caller, seat: Seat, gijs: Counsellor) -> None:
    asked = is_asked(anna, seat, "csg")
    member = invitations.accept(asked.pk, gijs.person, gijs.device.pk, now=clock.now())
    anna.grants(history=True)
    departures.leave(seat, now=clock.now())
    anna.grants()
    endings.close(Seat(anna.conversation, member.pk, member.role), now=clock.now())


def is_asked(anna: Caller, seat: Seat, service: str) -> Invitation:
    asked = invitations.invite(seat, How.HANDOFF, To(service=service), None, now=clock.now())
    invitations.consent(anna.seat, asked.pk, yes=True, history=True, now=clock.now())
    outbox.deliver(now=clock.now())
    return asked


type Search = Callable[[Talk], list[str]]


@pytest.fixture
def search(own_keys: Path, settings: Settings, capfd: pytest.CaptureFixture[str]) -> Search:
    """Searches every row, every file beside the database and the log; SQLite's own files are searched as
    bytes."""
    settings.AUDIT_HEADS = own_keys / "audit-heads.log"

    def look(talk: Talk) -> list[str]:
        audit_heads.write(clock.now())
        logged = capfd.readouterr()
        beside = {path.name: path.read_bytes() for path in own_keys.rglob("*") if path.is_file()}
        places = leftovers.tables() | beside | {"log": (logged.out + logged.err).encode()}
        return talk.known.found_in(places) + talk.known.found_in(_of_sqlite(), plain=True)

    return look


def _of_sqlite() -> dict[str, bytes]:
    if connection.vendor != "sqlite":
        return {}
    database = Path(connection.settings_dict["NAME"])
    files = (database, database.with_name(f"{database.name}-wal"))
    return {path.suffix: path.read_bytes() for path in files if path.exists()}


def test_after_an_erasure_no_browser_s_value_equals_one_on_the_server(talk: Talk, search: Search) -> None:
    there = search(talk)
    assert {found.split(" in ")[0] for found in there} >= {"Conversation.id", "Member.id", "Entry.message"}
    erasing.erase(talk.anna.seat, now=clock.now())
    assert search(talk) == []


def test_after_its_date_no_browser_s_value_equals_one_on_the_server(
    talk: Talk, floor: Counsellor, hanna: Counsellor, search: Search
) -> None:
    """Before that it was read again, and almost held."""
    pk, now = talk.anna.conversation, clock.now()
    reading = readings.ask(floor.person, pk, "complaint", now=now)
    approval = holds.ask(floor.person, pk, "safeguarding", later(now, 9 * DAY), now=now)
    holds.drop(hanna.person, approval.pk)
    talk.known.add("reading", reading.pk)
    talk.known.add("approval", approval.pk)
    assert purge_at(later(talk.ended, DAY + 60)) == 1
    assert search(talk) == []


def test_the_audit_names_it_by_a_number_that_dies_with_its_row(talk: Talk) -> None:
    rows = AuditRow.objects.filter(subject=talk.recorded_as)
    assert {row.action for row in rows} == {
        "acute", "acute_step", "flag_seen", "guest_invited", "guest_link_sent", "guest_opened",
        "guest_seated", "guest_left",
    }  # fmt: skip
    erasing.erase(talk.anna.seat, now=clock.now())
    assert not Conversation.objects.exists()
    assert rows.exists()


def test_neither_the_caller_nor_a_partner_s_system_is_sent_the_number(talk: Talk, services: Services) -> None:
    entries = [entry_frame(delivered) for delivered in log.since(talk.anna.seat, 0).entries]
    assert len(entries) > 20
    assert talk.recorded_as not in f"{talk.anna.opened} {entries}"
    [link, ringing] = [body for _, body in services.told.got]
    assert talk.recorded_as.encode() not in link + ringing
    beside_the_link = link.replace(talk.link.encode(), b"")
    assert beside_the_link != link
    assert talk.known.found_in({"link": beside_the_link, "ringing": ringing}) == []


def test_no_frame_and_no_page_of_ours_can_carry_it() -> None:
    sent = (
        path
        for folder in ("chat/protocol", "chat/requests", "chat/views")
        for path in (ROOT / folder).rglob("*.py")
    )
    assert [path for path in sent if "recorded_as" in path.read_text()] == []
    assert "recorded_as" in (ROOT / "chat/models/conversation.py").read_text()


def test_a_refusal_for_another_line_is_on_record_by_that_number_and_by_none_once_it_is_gone(
    talk: Talk, esra: Counsellor
) -> None:
    console = a_console(esra.person, esra.device)
    asked = Invitation.objects.filter(service="csg").values_list("pk", flat=True).get()

    def knocks() -> list[tuple[str, str]]:
        before = AuditRow.objects.count()
        assert console.asks("open", conversation=talk.anna.conversation, since=0) == "not_found"
        assert console.asks("answer", invitation=asked, yes=True) == "not_found"
        return list(AuditRow.objects.order_by("pk").values_list("detail", "subject")[before:])

    assert knocks() == [("open", talk.recorded_as), ("answer", talk.recorded_as)]
    erasing.erase(talk.anna.seat, now=clock.now())
    assert knocks() == [("open", ""), ("answer", "")]


def test_a_supervisor_finds_it_in_the_trail_while_it_is_there(talk: Talk, floor: Counsellor) -> None:
    def named() -> set[str]:
        rows = [row for row, _ in audit_trail.trail(floor.person) if row.subject == talk.recorded_as]
        assert rows
        return set(audit_trail.about(floor.person, rows).values())

    assert named() == {"A"}
    erasing.erase(talk.anna.seat, now=clock.now())
    assert named() == {""}


@pytest.mark.parametrize("made", [bytes, bytes.hex, b64url], ids=["raw", "hex", "base64"])
@pytest.mark.parametrize("of", ["the text", "its bytes"])
def test_the_search_sees_through_a_hash(made: Callable[[bytes], bytes | str], of: str) -> None:
    known, conversation = Known(), encoding.new_id()
    known.add("id", conversation)
    data = conversation.encode() if of == "the text" else encoding.decode(conversation)
    spelt = made(sha256(data).digest())
    assert known.found_in({"a row": b"x" + (spelt if isinstance(spelt, bytes) else spelt.encode())})
    assert not known.found_in({"a row": b"x"})
