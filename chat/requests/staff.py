"""Signing in at a console: hello and everything that its page shows at once, the browser's key, duty."""

from chat import bells, protocol, states, walls
from chat.conversation import log, seats
from chat.figures import wrapup
from chat.handoff import cards, directory
from chat.lines import open_now
from chat.lines import staff as line_staff
from chat.models import Member
from chat.protocol import CONSOLE
from chat.queue import rank
from chat.requests import doors
from chat.requests.declared import heard, request
from chat.requests.handoff import card_frame, show_what_rings
from chat.requests.queue import queue_frame
from chat.supervision import device_approval
from counsellors import devices
from counsellors import duty as duties
from counsellors.models import Device, Duty, Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Hello, doors=CONSOLE, opens=True)
async def hello(door: doors.Console, asked: protocol.Hello) -> protocol.HelloOk:
    door.device = await in_database(devices.opened_on, door.person, asked.device, now=clock.now())
    ok = await in_database(_everything, door.person, door.device, asked.ref)
    door.cards = {card.invitation: card.state for card in ok.invitations}
    door.lines = tuple(line.line for line in ok.lines)
    await door.arrive()
    door.hear_news(ok.queue)
    return ok


@request(protocol.Enrol, doors=CONSOLE)
async def enrol(door: doors.Console, asked: protocol.Enrol) -> protocol.EnrolOk:
    key = protocol.wire_bytes(asked.key, 65)
    device = await in_database(devices.enrol, door.person, key, asked.label, now=clock.now())
    if door.device is not None and door.device.pk != device.pk:
        await door.depart()  # it speaks for another now
    door.device = device
    await in_database(device_approval.tell, device)
    await door.arrive()
    door.after_reply.append(lambda: show_what_rings(door, bells.InvitationsDue(door.person.pk)))
    return protocol.EnrolOk(ref=asked.ref, device=protocol.DeviceState(device.pk, device.state))


@request(protocol.Duty, doors=CONSOLE)
async def duty(door: doors.Console, asked: protocol.Duty) -> protocol.DutyOk:
    changed = await in_database(duties.change, door.person, asked.state, asked.slots, now=clock.now())
    return protocol.DutyOk(ref=asked.ref, duty=protocol.DutyState(changed.state, changed.slots))


@heard(bells.AccessChanged, doors=CONSOLE)
async def check_access(door: doors.Console, _bell: bells.AccessChanged) -> None:
    await door.check_access()


@heard(bells.DeviceChanged, doors=CONSOLE)
async def tell_device(door: doors.Console, bell: bells.DeviceChanged) -> None:
    device = await in_database(device_approval.device_for, door.person, bell.device)
    if device is not None:
        if door.device is not None and door.device.pk == device.pk:
            door.device = device
        await door.write(protocol.DeviceOut(id=device.pk, state=device.state, person=device.person.handle))


def _everything(person: Person, device: Device | None, ref: str) -> protocol.HelloOk:
    own_lines = list(walls.own_lines(person))
    service = walls.own_service(person)
    approved = device is not None and device.state == Device.State.APPROVED
    return protocol.HelloOk(
        ref=ref,
        me=protocol.Me(
            id=person.handle,
            alias=person.alias,
            roles=person.roles,
            lines=[line.pk for line in own_lines],
            service=service.pk if service else None,
        ),
        device=protocol.DeviceState(device.pk, device.state) if device else None,
        duty=_duty(duties.of(person)),
        lines=[protocol.LineState(line.pk, line.name, open_now.opening(line).open) for line in own_lines],
        queue=[queue_frame(rank.load(line.pk)) for line in own_lines],
        colleagues=[
            protocol.Colleague(other.handle, other.alias, line, state)
            for other, line, state in line_staff.colleagues_of(person)
        ],
        services=[
            protocol.ServiceCard(row.service.pk, row.service.name, row.service.desk, row.open)
            for row in directory.listed(now=clock.now())
        ],
        conversations=[_own_seat(member) for member in seats.seats_of(person)],
        invitations=[card_frame(card) for card in cards.open_cards(person, approved=approved)],
        codes={name: list(codes) for name, codes in wrapup.CODES.items()},
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
        state=states.on_the_wire(conversation.state),
        seq=log.newest(member),
        epoch=conversation.epoch,
    )
