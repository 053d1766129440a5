"""Handles holds, which one supervisor requests and another one confirms."""

from datetime import datetime

from chat import bells, protocol
from chat.conversation import initials
from chat.conversation.seats import Seat, require_seat
from chat.models import Hold
from chat.protocol import CALLER, CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.retention import holds, readings
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Holds, consumers=CONSOLE, may="review", scope="line")
async def list_holds(consumer: consumers.Console, asked: protocol.Holds) -> protocol.HoldsOk:
    rows = await in_database(_rows, consumer.person, asked.line, now=clock.now())
    return protocol.HoldsOk(ref=asked.ref, holds=rows)


@request(protocol.Hold, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="conversation")
async def hold(consumer: consumers.Console, asked: protocol.Hold) -> protocol.HoldOk:
    made = await in_database(
        holds.ask, consumer.person, asked.conversation, asked.reason, asked.until, now=clock.now()
    )
    return protocol.HoldOk(ref=asked.ref, hold=made.pk, until=clock.stamp(made.until))


@request(protocol.Confirm, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="hold")
async def confirm(consumer: consumers.Console, asked: protocol.Confirm) -> protocol.HoldOk:
    made = await in_database(holds.confirm, consumer.person, asked.hold, now=clock.now())
    return protocol.HoldOk(ref=asked.ref, hold=made.pk, until=clock.stamp(made.until))


@request(protocol.Drop, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="hold")
async def drop(consumer: consumers.Console, asked: protocol.Drop) -> None:
    await in_database(holds.drop, consumer.person, asked.hold)


@heard(bells.HoldChanged, consumers=CALLER)
async def tell_caller(consumer: consumers.Caller, _bell: bells.HoldChanged) -> None:
    hold = await in_database(_standing, consumer.seat, now=clock.now())
    if hold is not None:
        told = standing_hold(hold)
        await consumer.write(protocol.HeldOut(reason=told.reason, until=told.until))


def standing_hold(hold: Hold) -> protocol.StandingHold:
    """Returns the part of a hold that a caller is sent: the hold's reason and end, without names."""
    return protocol.StandingHold(reason=hold.reason, until=clock.stamp(hold.until))  # type: ignore[arg-type]


def _standing(seat: Seat, *, now: datetime) -> Hold | None:
    return holds.standing(require_seat(seat).conversation, now)


def _rows(person: Person, line: str, *, now: datetime) -> list[protocol.HoldRow]:
    return [hold_row(one, person, now=now) for one in holds.list_of(person, line)]


def hold_row(one: Hold, person: Person, *, now: datetime) -> protocol.HoldRow:
    row = one.conversation
    return protocol.HoldRow(
        hold=one.pk,
        conversation=row.pk,
        line=row.line_id,
        opened=clock.stamp(row.opened_at),
        initial=initials.name(row.initial),
        people=readings.people_of(row),
        reason=one.reason,
        until=clock.stamp(one.until),
        asked=one.asked_by.alias,
        own=one.asked_by_id == person.pk,
        confirmed=one.confirmed_by.alias if one.confirmed_by else None,
        gone=row.gone_at is not None,
        latest=clock.stamp(holds.latest_end(row, now)),
        lapses=clock.stamp(holds.lapses(row)),
    )
