"""The coded form after a conversation."""

from chat import protocol
from chat.figures import wrapup
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.WrapUp, doors=CONSOLE, wall="conversation")
async def wrap_up(door: doors.Console, asked: protocol.WrapUp) -> None:
    await in_database(wrapup.wrap_up, door.person, asked.conversation, asked.codes, now=clock.now())
