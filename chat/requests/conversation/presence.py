"""Still here, typing, read: what says that somebody is there."""

from chat import bells, protocol
from chat.conversation import log, presence
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import doors
from chat.requests.declared import ANY, EVERY_DOOR, SEATED, heard, request
from helpline.lib.bridge import in_database


@request(protocol.Beat, doors=EVERY_DOOR, device=ANY, cost=10, own_pace=True)
async def beat(door: doors.Door, _asked: protocol.Beat) -> None:
    await door.confirm_lease()


@request(protocol.CallerTyping, doors=CALLER, cost=10, own_pace=True)
async def caller_typing(door: doors.Caller, _asked: protocol.CallerTyping) -> None:
    await in_database(presence.type_along, door.seat, told=door.may_tell_typing())


@request(protocol.Typing, doors=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=2, own_pace=True)
async def typing(door: doors.Staff, asked: protocol.Typing) -> None:
    seat = await door.seat_in(asked.conversation)
    await in_database(presence.type_along, seat, told=door.may_tell_typing())


@request(protocol.CallerSeen, doors=CALLER, cost=0.5, own_pace=True)
async def caller_seen(door: doors.Caller, asked: protocol.CallerSeen) -> None:
    await in_database(log.see, door.seat, asked.seq)


@request(protocol.Seen, doors=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=0.5, own_pace=True)
async def seen(door: doors.Staff, asked: protocol.Seen) -> None:
    await in_database(log.see, await door.seat_in(asked.conversation), asked.seq)


@heard(bells.Typing, doors=EVERY_DOOR)
async def tell_typing(door: doors.Door, bell: bells.Typing) -> None:
    following = door.followings.get(bell.conversation)
    if following is not None and bell.member != following.seat.member:
        await door.write(protocol.TypingOut(conversation=bell.conversation, by=bell.member))


@heard(bells.PeopleChanged, doors=EVERY_DOOR)
async def tell_people(door: doors.Door, bell: bells.PeopleChanged) -> None:
    following = door.followings.get(bell.conversation)
    if following is not None:
        await following.tell_people()
