"""Handles interventions of a supervisor: asking for a break, asking to listen in, and ending an idle
conversation."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, IN_CHARGE, heard, request
from chat.supervision import interventions
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Rest, consumers=CONSOLE, may="rest", device=APPROVED_NOW, scope="person")
async def rest(consumer: consumers.Console, asked: protocol.Rest) -> None:
    await in_database(interventions.ask_for_rest, consumer.person, asked.person)


@request(protocol.Listen, consumers=CONSOLE, may="listen", device=APPROVED_NOW, scope="conversation")
async def listen(consumer: consumers.Console, asked: protocol.Listen) -> None:
    await in_database(interventions.ask_to_listen, consumer.person, asked.conversation)


@request(protocol.NoListen, consumers=CONSOLE, may="flag", scope="conversation", seat=IN_CHARGE)
async def refuse_to_listen(consumer: consumers.Console, asked: protocol.NoListen) -> None:
    seat = await consumer.seat_in(asked.conversation)
    await in_database(interventions.refuse_to_listen, seat, asked.supervisor)


@request(protocol.End, consumers=CONSOLE, may="end", device=APPROVED_NOW, scope="conversation")
async def end(consumer: consumers.Console, asked: protocol.End) -> None:
    await in_database(interventions.end_idle, consumer.person, asked.conversation, now=clock.now())


@heard(bells.RestAsked, consumers=CONSOLE)
async def tell_rest(consumer: consumers.Console, bell: bells.RestAsked) -> None:
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await consumer.write(protocol.RestOut(by=asker.alias))


@heard(bells.ListenAsked, consumers=CONSOLE)
async def tell_listen(consumer: consumers.Console, bell: bells.ListenAsked) -> None:
    """Sends the supervisor's request only if this console has the seat in charge, because no other console
    can invite the supervisor."""
    if not await in_database(interventions.leads, consumer.person, consumer.device_id, bell.conversation):
        return
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await consumer.write(
            protocol.ListenOut(conversation=bell.conversation, id=asker.handle, alias=asker.alias)
        )


@heard(bells.ListenRefused, consumers=CONSOLE)
async def tell_no_listen(consumer: consumers.Console, bell: bells.ListenRefused) -> None:
    alias = await in_database(interventions.alias_of, bell.by)
    await consumer.write(protocol.NoListenOut(conversation=bell.conversation, alias=alias))
