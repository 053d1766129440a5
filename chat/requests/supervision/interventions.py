"""What supervisors do about people: a rest, an ear, the end of what is dead."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import interventions
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Rest, doors=CONSOLE, may="rest", device=APPROVED_NOW, scope="person")
async def rest(door: doors.Console, asked: protocol.Rest) -> None:
    await in_database(interventions.ask_for_rest, door.person, asked.person)


@request(protocol.Listen, doors=CONSOLE, may="listen", device=APPROVED_NOW, scope="conversation")
async def listen(door: doors.Console, asked: protocol.Listen) -> None:
    await in_database(interventions.ask_to_listen, door.person, asked.conversation)


@request(protocol.End, doors=CONSOLE, may="end", device=APPROVED_NOW, scope="conversation")
async def end(door: doors.Console, asked: protocol.End) -> None:
    await in_database(interventions.end_idle, door.person, asked.conversation, now=clock.now())


@heard(bells.RestAsked, doors=CONSOLE)
async def tell_rest(door: doors.Console, bell: bells.RestAsked) -> None:
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await door.write(protocol.RestOut(by=asker.alias))


@heard(bells.ListenAsked, doors=CONSOLE)
async def tell_listen(door: doors.Console, bell: bells.ListenAsked) -> None:
    """For the console that holds the seat in charge: it alone can send the consult."""
    if not await in_database(interventions.leads, door.person, door.device_id, bell.conversation):
        return
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await door.write(
            protocol.ListenOut(conversation=bell.conversation, id=asker.handle, alias=asker.alias)
        )
