"""A conversation's risk flag."""

from chat import bells, protocol
from chat.conversation import risk
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import SEATED, heard, request
from helpline.lib.bridge import in_database


@request(protocol.Flag, doors=CONSOLE, may="flag", wall="conversation", seat=SEATED)
async def flag(door: doors.Console, asked: protocol.Flag) -> None:
    await in_database(risk.flag, await door.seat_in(asked.conversation), asked.risk)


@heard(bells.RiskFlagged, doors=CONSOLE)
async def tell_risk(door: doors.Console, bell: bells.RiskFlagged) -> None:
    found = await in_database(risk.risk_for, door.person, bell.conversation)
    if found is not None:
        await door.write(protocol.FlaggedOut(conversation=bell.conversation, risk=found))
