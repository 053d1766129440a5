"""Handles requests about a conversation's risk flag, and about the steps of the line's protocol."""

from collections.abc import Iterable

import msgspec

from chat import bells, protocol
from chat.conversation import acute, risk
from chat.models import AcuteStep
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, SEATED, heard, request
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(
    protocol.Flag, consumers=CONSOLE, may="flag", scope="conversation", seat=SEATED, cost=10, own_limit=True
)
async def flag(consumer: consumers.Console, asked: protocol.Flag) -> None:
    await in_database(risk.flag, await consumer.seat_in(asked.conversation), asked.risk, now=clock.now())


@request(protocol.SeenFlag, consumers=CONSOLE, may="seenflag", device=APPROVED_NOW, scope="conversation")
async def seen_flag(consumer: consumers.Console, asked: protocol.SeenFlag) -> None:
    await in_database(risk.acknowledge, consumer.person, asked.conversation, now=clock.now())


@heard(bells.RiskFlagged, consumers=CONSOLE)
async def tell_risk(consumer: consumers.Console, bell: bells.RiskFlagged) -> None:
    found = await in_database(_told, consumer.person, bell.conversation)
    if found is not None:
        await consumer.write(found)


@request(protocol.LineProtocol, consumers=CONSOLE, may="flag", scope="line")
async def line_protocol(consumer: consumers.Console, asked: protocol.LineProtocol) -> protocol.LineProtocolOk:
    steps, urgent = await in_database(acute.protocol_of, consumer.person, asked.line)
    return protocol.LineProtocolOk(
        ref=asked.ref,
        steps=[protocol.ProtocolStep(**msgspec.structs.asdict(step)) for step in steps],
        urgent=urgent,
    )


@request(protocol.Step, consumers=CONSOLE, may="flag", scope="conversation", seat=SEATED)
async def step(consumer: consumers.Console, asked: protocol.Step) -> None:
    seat = await consumer.seat_in(asked.conversation)
    await in_database(acute.take_step, seat, asked.step, asked.how, now=clock.now())


def step_frames(taken: Iterable[AcuteStep]) -> list[protocol.TakenStep]:
    return [
        protocol.TakenStep(step=row.code, how=row.how, at=clock.stamp(row.at), by=row.by.alias)
        for row in taken
    ]


def _told(person: Person, conversation: str) -> protocol.FlaggedOut | None:
    found = risk.risk_for(person, conversation)
    if found is None:
        return None
    level, known = found
    steps = step_frames(acute.taken_in([conversation])[conversation])
    return protocol.FlaggedOut(conversation=conversation, risk=level, known=known, steps=steps)
