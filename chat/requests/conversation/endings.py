"""Handles requests to leave a conversation and to end it."""

from chat import protocol
from chat.conversation import departures, endings
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.declared import IN_CHARGE, SEATED, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.CallerLeave, consumers=CALLER)
async def caller_leave(consumer: consumers.Caller, _asked: protocol.CallerLeave) -> None:
    await in_database(endings.leave, consumer.seat, now=clock.now())


@request(protocol.Leave, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED)
async def leave(consumer: consumers.Staff, asked: protocol.Leave) -> None:
    await in_database(departures.leave, await consumer.seat_in(asked.conversation), now=clock.now())


@request(protocol.Close, consumers=(CONSOLE, DESK), scope="conversation", seat=IN_CHARGE)
async def close(consumer: consumers.Staff, asked: protocol.Close) -> None:
    seat = await consumer.seat_in(asked.conversation)
    await in_database(endings.close, seat, reason=asked.reason or "", now=clock.now())


@request(protocol.Unserious, consumers=CONSOLE, may="unserious", scope="conversation", seat=IN_CHARGE)
async def unserious(consumer: consumers.Console, asked: protocol.Unserious) -> None:
    await in_database(endings.close_as_unserious, await consumer.seat_in(asked.conversation), now=clock.now())
