"""The caller erases the conversation."""

from msgspec import UNSET

from chat import protocol
from chat.conversation import erasing
from chat.protocol import CALLER
from chat.requests import doors
from chat.requests.declared import request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Erase, doors=CALLER)
async def erase(door: doors.Caller, asked: protocol.Erase) -> protocol.EraseOk:
    held = await in_database(erasing.erase, door.seat, now=clock.now())
    return protocol.EraseOk(ref=asked.ref, held=held or UNSET)
