"""A conversation's risk flag."""

from chat import bells, protocol
from chat.conversation import risk
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, SEATED, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Flag, doors=CONSOLE, may="flag", wall="conversation", seat=SEATED, cost=10, own_pace=True)
async def flag(door: doors.Console, asked: protocol.Flag) -> None:
    await in_database(risk.flag, await door.seat_in(asked.conversation), asked.risk)


@request(protocol.SeenFlag, doors=CONSOLE, may="seenflag", device=APPROVED_NOW, wall="conversation")
async def seen_flag(door: doors.Console, asked: protocol.SeenFlag) -> None:
    await in_database(risk.acknowledge, door.person, asked.conversation, now=clock.now())


@heard(bells.RiskFlagged, doors=CONSOLE)
async def tell_risk(door: doors.Console, bell: bells.RiskFlagged) -> None:
    found = await in_database(risk.risk_for, door.person, bell.conversation)
    if found is not None:
        level, known = found
        await door.write(protocol.FlaggedOut(conversation=bell.conversation, risk=level, known=known))
