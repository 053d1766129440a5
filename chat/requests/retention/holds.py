"""Holds: asked by one supervisor, confirmed by another."""

from chat import protocol
from chat.models import Hold
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, request
from chat.retention import holds
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Holds, doors=CONSOLE, may="review", wall="line")
async def list_holds(door: doors.Console, asked: protocol.Holds) -> protocol.HoldsOk:
    found = await in_database(holds.list_of, door.person, asked.line)
    return protocol.HoldsOk(ref=asked.ref, holds=[_hold_row(one, door.person) for one in found])


@request(protocol.Hold, doors=CONSOLE, may="review", device=APPROVED_NOW, wall="conversation")
async def hold(door: doors.Console, asked: protocol.Hold) -> protocol.HoldOk:
    made = await in_database(
        holds.ask, door.person, asked.conversation, asked.reason, asked.until, now=clock.now()
    )
    return protocol.HoldOk(ref=asked.ref, hold=made.pk, until=clock.stamp(made.until))


@request(protocol.Confirm, doors=CONSOLE, may="review", device=APPROVED_NOW, wall="hold")
async def confirm(door: doors.Console, asked: protocol.Confirm) -> protocol.HoldOk:
    made = await in_database(holds.confirm, door.person, asked.hold, now=clock.now())
    return protocol.HoldOk(ref=asked.ref, hold=made.pk, until=clock.stamp(made.until))


@request(protocol.Drop, doors=CONSOLE, may="review", device=APPROVED_NOW, wall="hold")
async def drop(door: doors.Console, asked: protocol.Drop) -> None:
    await in_database(holds.drop, door.person, asked.hold)


def _hold_row(one: Hold, person: Person) -> protocol.HoldRow:
    return protocol.HoldRow(
        hold=one.pk,
        conversation=one.conversation_id,
        opened=clock.stamp(one.conversation.opened_at),
        reason=one.reason,
        until=clock.stamp(one.until),
        asked=one.asked_by.alias,
        own=one.asked_by_id == person.pk,
        confirmed=one.confirmed_by.alias if one.confirmed_by else None,
        gone=one.conversation.gone_at is not None,
    )
