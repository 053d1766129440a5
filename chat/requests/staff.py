"""Handles requests that open a console, and requests about duty. After `hello`, the browser proves with
`prove` that it has its key. The reply to `prove` contains everything that the page shows when it opens."""

from collections.abc import Sequence
from typing import Any

from chat import bells, line_scope, protocol
from chat.conversation import initials, log, risk, seats
from chat.figures import codes
from chat.handoff import cards, directory, referrals
from chat.letters import shelf, takes
from chat.lines import open_now, ready_sentences
from chat.lines import staff as line_staff
from chat.models import Member
from chat.protocol import CONSOLE, DESK
from chat.queue import rank
from chat.requests import consumers
from chat.requests.care.carrying import own_loads
from chat.requests.copied import copied
from chat.requests.declared import ANY, APPROVED, heard, request
from chat.requests.figures import code_frame
from chat.requests.handoff.invitations import card_frame
from chat.requests.letters import shelf_state
from chat.requests.lines.ready_sentences import sentences_frame
from chat.requests.queue import queue_frame
from chat.requests.supervision.certifying import need_frame
from chat.supervision import certificate_ends, staff_devices
from counsellors import challenges, devices
from counsellors import duty as duties
from counsellors.models import Device, Duty, Person
from helpline.frontend import release
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import OWN

UNPROVEN = "unproven"
NOTHING: dict[str, Any] = {
    **{
        name: []
        for name in (
            "queue",
            "colleagues",
            "services",
            "conversations",
            "invitations",
            "sentences",
            "loads",
            "letters",
        )
    },
    "own_sentences": {},
    "on_call": {},
}


@request(protocol.Hello, consumers=CONSOLE, opens=True, device=ANY, scope=OWN)
async def hello(consumer: consumers.Console, asked: protocol.Hello) -> protocol.HelloOk:
    """Returns who signed in, and a box for the key that this browser claims to have. The page's other data is
    sent only in the reply to `prove`."""
    known = await in_database(devices.known, consumer.person, asked.device)
    own = await in_database(_own, consumer.person)
    consumer.lines, consumer.cards = tuple(own["me"].lines), {}
    consumer.hear_news([])
    return protocol.HelloOk(
        ref=asked.ref,
        device=protocol.DeviceState(known.id, UNPROVEN) if known else None,
        prove=consumer.challenge(known) if known else None,
        release=release(),
        at=clock.stamp(clock.now()),
        **own,
        **NOTHING,
    )


@request(protocol.Enrol, consumers=CONSOLE, device=ANY)
async def enrol(consumer: consumers.Console, asked: protocol.Enrol) -> protocol.EnrolOk:
    key = protocol.wire_bytes(asked.key, 65)
    candidate = await in_database(devices.candidate, consumer.person, key, asked.label)
    return protocol.EnrolOk(
        ref=asked.ref,
        device=protocol.DeviceState(candidate.id, UNPROVEN),
        prove=consumer.challenge(candidate),
    )


@request(protocol.Prove, consumers=CONSOLE, device=ANY)
async def prove(consumer: consumers.Console, asked: protocol.Prove) -> protocol.ProveOk:
    proven = consumer.meet_challenge(protocol.wire_bytes(asked.secret, challenges.SECRET_BYTES))
    device = await in_database(
        staff_devices.prove, consumer.person, proven, session=consumer.session, now=clock.now()
    )
    state = protocol.DeviceState(device.pk, device.state)
    if device.state != Device.State.APPROVED:
        approvers = await in_database(staff_devices.who_may_approve, consumer.person)
        return protocol.ProveOk(ref=asked.ref, device=state, approvers=approvers)
    consumer.device = device
    own, all_else = await in_database(_own, consumer.person), await in_database(_everything, consumer.person)
    consumer.cards = {card.invitation: card for card in all_else["invitations"]}
    await consumer.arrive()
    consumer.hear_news(all_else["queue"])
    certified = await _certified(consumer.person, device)
    return protocol.ProveOk(ref=asked.ref, device=state, certified=certified, prove=None, **own, **all_else)


async def _certified(person: Person, device: Device) -> list[protocol.Need]:
    return [need_frame(one) for one in await in_database(certificate_ends.own_ends, person, device)]


@request(protocol.Prove, consumers=DESK)
async def prove_at_desk(consumer: consumers.Desk, asked: protocol.Prove) -> None:
    consumer.meet_challenge(protocol.wire_bytes(asked.secret, challenges.SECRET_BYTES))
    await consumer.arrive()


def _unless_off(asked: protocol.Duty) -> str:
    """Returns the state that the device must have: any to go off duty, otherwise approved."""
    return ANY if asked.state == "off" else APPROVED


@request(protocol.Duty, consumers=CONSOLE, device=_unless_off)
async def duty(consumer: consumers.Console, asked: protocol.Duty) -> protocol.DutyOk:
    changed = await in_database(
        line_staff.change_duty, consumer.person, asked.state, asked.slots, now=clock.now()
    )
    return protocol.DutyOk(ref=asked.ref, duty=protocol.DutyState(changed.state, changed.slots))


@heard(bells.OwnDutyChanged, consumers=CONSOLE, missed=True)
async def tell_duty(consumer: consumers.Console, _bell: bells.OwnDutyChanged) -> None:
    """Sends the current duty, because the person may have gone on duty again after their duty lapsed."""
    told = _duty(await in_database(duties.of, consumer.person))
    await consumer.write(protocol.DutyOut(state=told.state, slots=told.slots))


@heard(bells.AccessChanged, consumers=CONSOLE, device=ANY)
async def check_access(consumer: consumers.Console, _bell: bells.AccessChanged) -> None:
    await consumer.check_access()


@heard(bells.DeviceChanged, consumers=CONSOLE, device=ANY)
async def tell_device(consumer: consumers.Console, bell: bells.DeviceChanged) -> None:
    """Sends the state of a device. The device's own browser is sent the device's id; other approved consoles
    are sent the fingerprint instead."""
    device = await in_database(staff_devices.device_for, consumer.person, bell.device)
    if device is None:
        return
    own = consumer.is_own_device(device.pk)
    if own or consumer.is_approved:
        name = device.pk if own else device.fingerprint
        told = protocol.DeviceOut(id=name, state=device.state, person=device.person.handle)
        if own and (certified := await _certified(consumer.person, device)):
            told.certified = certified
        await consumer.write(told)


def _own(person: Person) -> dict[str, Any]:
    """Returns those fields of the reply to `hello` that a browser is sent before it has proved that it has
    its key."""
    own_lines = list(line_scope.own_lines(person).offered())
    service = line_scope.own_service(person)
    offered, own_codes = codes.offered_to(person)
    return {
        "me": protocol.Me(
            id=person.handle,
            alias=person.alias,
            roles=person.roles,
            lines=[line.pk for line in own_lines],
            service=service.pk if service else None,
        ),
        "duty": _duty(duties.of(person)),
        "lines": [
            protocol.LineState(line.pk, line.name, open_now.opening(line).open, line.formal, line.cases)
            for line in own_lines
        ],
        "codes": offered,
        "own_codes": [code_frame(row) for row in own_codes],
    }


def _everything(person: Person) -> dict[str, Any]:
    """Returns the fields that an approved device is sent in the reply to `prove`, in addition to those of
    `_own`."""
    now = clock.now()
    return {
        "queue": [queue_frame(rank.load(line.pk), person) for line in line_scope.own_lines(person).offered()],
        "colleagues": [
            protocol.Colleague(other.handle, other.alias, line, state)
            for other, line, state in line_staff.colleagues_of(person)
        ],
        "services": service_cards(person),
        "conversations": [_own_seat(seat) for seat in (*seats.seats_of(person), *takes.of(person))],
        "letters": [
            shelf_state(shelf.of(line.pk, now=now)) for line in line_scope.own_lines(person).offered()
        ],
        "invitations": [card_frame(card) for card in cards.open_cards(person, approved=True)],
        "loads": own_loads(person),
        "on_call": line_staff.on_call(person),
        **sentences_frame(ready_sentences.offered_to(person)),
    }


def service_cards(person: Person) -> list[protocol.ServiceCard]:
    """Returns the services of the directory, each with how often the person's lines referred callers to
    it."""
    now = clock.now()
    uses = referrals.uses(list(line_scope.own_lines(person).offered()), now=now)
    return [_service_card(row, uses.get(row.service.pk, 0)) for row in directory.listed(now=now)]


def _service_card(row: directory.Listed, uses: int) -> protocol.ServiceCard:
    service = row.service
    return copied(
        protocol.ServiceCard,
        service,
        service=service.pk,
        guest=row.guest,
        open=row.open,
        languages=service.languages.split(),
        ages=(service.age_from, service.age_to),
        uses=uses,
    )


def colleagues_frame(
    line: str,
    is_open: bool,
    people: Sequence[tuple[Person, str]],
    desks: Sequence[str],
    on_call: str,
    person: Person,
    *,
    ended: bool = False,
) -> protocol.ColleaguesOut:
    """Returns the frame about the line's people that is sent to `person`. The frame lists everybody except
    `person`."""
    others = [
        protocol.Colleague(other.handle, other.alias, line, state)
        for other, state in people
        if other.pk != person.pk
    ]
    number = on_call if line_staff.hears_on_call(person) else ""
    return protocol.ColleaguesOut(
        line=line, open=is_open, ended=ended, colleagues=others, desks=list(desks), on_call=number
    )


def _duty(found: Duty | None) -> protocol.DutyState:
    return protocol.DutyState(found.state, found.slots) if found else protocol.DutyState(Duty.State.OFF, 0)


def _own_seat(member: Member) -> protocol.OwnSeat:
    conversation = member.conversation
    return protocol.OwnSeat(
        conversation=conversation.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        member=member.pk,
        state=conversation.wire_state,
        seq=log.newest(member),
        epoch=conversation.epoch,
        initial=initials.name(conversation.initial),
        risk=risk.as_seen(member),
        written=conversation.written or None,
    )
