"""The next caller, one moved to the front, and a line's queue as its staff see it."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.queue import front as queue_front
from chat.queue import next_caller
from chat.queue.rank import Load
from chat.requests import doors
from chat.requests.conversation.opening import seat_taken
from chat.requests.declared import APPROVED_NOW, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Next, doors=CONSOLE, may="next", device=APPROVED_NOW)
async def next_(door: doors.Console, asked: protocol.Next) -> protocol.NextOk:
    member = await in_database(
        next_caller.take_next, door.person, door.device_id, asked.line, now=clock.now()
    )
    return seat_taken(asked.ref, member)


@request(protocol.Front, doors=CONSOLE, may="front", device=APPROVED_NOW, wall="conversation")
async def front(door: doors.Console, asked: protocol.Front) -> None:
    await in_database(queue_front.move_to_front, door.person, asked.conversation, asked.reason)


def queue_frame(load: Load) -> protocol.QueueOut:
    oldest = clock.stamp(load.oldest) if load.oldest else None
    return protocol.QueueOut(line=load.line, waiting=load.waiting, oldest=oldest, urgent=load.urgent)
