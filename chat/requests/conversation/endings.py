"""Leaving and closing."""

from chat import protocol
from chat.conversation import departures, endings
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import doors
from chat.requests.declared import IN_CHARGE, SEATED, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.CallerLeave, doors=CALLER)
async def caller_leave(door: doors.Caller, _asked: protocol.CallerLeave) -> None:
    await in_database(endings.leave, door.seat, now=clock.now())


@request(protocol.Leave, doors=(CONSOLE, DESK), scope="conversation", seat=SEATED)
async def leave(door: doors.Staff, asked: protocol.Leave) -> None:
    await in_database(departures.leave, await door.seat_in(asked.conversation), now=clock.now())


@request(protocol.Close, doors=(CONSOLE, DESK), scope="conversation", seat=IN_CHARGE)
async def close(door: doors.Staff, asked: protocol.Close) -> None:
    await in_database(endings.close, await door.seat_in(asked.conversation), now=clock.now())


@request(protocol.Unserious, doors=CONSOLE, may="unserious", scope="conversation", seat=IN_CHARGE)
async def unserious(door: doors.Console, asked: protocol.Unserious) -> None:
    await in_database(endings.close_as_unserious, await door.seat_in(asked.conversation), now=clock.now())
