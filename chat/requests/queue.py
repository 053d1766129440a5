"""Handles requests to take the next caller and to move a caller to the front, and builds the frame that shows
a queue to the staff."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.queue import front as queue_front
from chat.queue import next_caller
from chat.queue.rank import Load
from chat.requests import consumers
from chat.requests.conversation.opening import seat_taken
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, request
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import OWN


@request(protocol.Next, consumers=CONSOLE, may="next", device=APPROVED_NOW, scope=OWN)
async def next_(consumer: consumers.Console, asked: protocol.Next) -> protocol.NextOk:
    member = await in_database(
        next_caller.take_next,
        consumer.person,
        consumer.device_id,
        asked.line,
        back=asked.conversation,
        now=clock.now(),
    )
    return seat_taken(asked.ref, member)


@request(protocol.Front, consumers=CONSOLE, may="front", device=APPROVED_NOW, scope="conversation")
async def front(consumer: consumers.Console, asked: protocol.Front) -> None:
    await in_database(queue_front.move_to_front, consumer.person, asked.conversation, asked.reason)


def queue_frame(load: Load, person: Person) -> protocol.QueueOut:
    here = sum(count for language, count in load.here.items() if person.speaks(language))
    return copied(protocol.QueueOut, load, here=here)
