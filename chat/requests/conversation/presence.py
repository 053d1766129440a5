"""Handles the requests `beat`, `typing` and `seen`, and tells the other members who is typing and who is
connected."""

from chat import bells, protocol
from chat.conversation import log, presence
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.declared import ANY, EVERY_CONSUMER, SEATED, heard, request
from helpline.lib.bridge import in_database


@request(protocol.Beat, consumers=EVERY_CONSUMER, device=ANY, cost=10, own_limit=True)
async def beat(consumer: consumers.Consumer, _asked: protocol.Beat) -> None:
    await consumer.confirm_lease()


@request(protocol.CallerTyping, consumers=CALLER, cost=10, own_limit=True)
async def caller_typing(consumer: consumers.Caller, _asked: protocol.CallerTyping) -> None:
    await in_database(presence.type_along, consumer.seat, told=consumer.may_tell_typing())


@request(
    protocol.Typing, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=2, own_limit=True
)
async def typing(consumer: consumers.Staff, asked: protocol.Typing) -> None:
    seat = await consumer.seat_in(asked.conversation)
    await in_database(presence.type_along, seat, told=consumer.may_tell_typing())


@request(protocol.CallerSeen, consumers=CALLER, cost=0.5, own_limit=True)
async def caller_seen(consumer: consumers.Caller, asked: protocol.CallerSeen) -> None:
    await in_database(log.see, consumer.seat, asked.seq)


@request(
    protocol.Seen, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=0.5, own_limit=True
)
async def seen(consumer: consumers.Staff, asked: protocol.Seen) -> None:
    await in_database(log.see, await consumer.seat_in(asked.conversation), asked.seq)


@heard(bells.Typing, consumers=EVERY_CONSUMER)
async def tell_typing(consumer: consumers.Consumer, bell: bells.Typing) -> None:
    following = consumer.followings.get(bell.conversation)
    if following is not None and bell.member != following.seat.member:
        await consumer.write(protocol.TypingOut(conversation=bell.conversation, by=bell.member))


@heard(bells.PeopleChanged, consumers=EVERY_CONSUMER)
async def tell_people(consumer: consumers.Consumer, bell: bells.PeopleChanged) -> None:
    following = consumer.followings.get(bell.conversation)
    if following is not None:
        await following.tell_people()
