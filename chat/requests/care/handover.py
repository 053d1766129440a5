"""Handles a supervisor's request that everybody who works on a line hands over their conversations and goes
home."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import interventions
from helpline.lib.bridge import in_database


@request(protocol.Handover, consumers=CONSOLE, may="handover", device=APPROVED_NOW, scope="line")
async def handover(consumer: consumers.Console, asked: protocol.Handover) -> protocol.HandoverOk:
    many = await in_database(interventions.ask_to_hand_over, consumer.person, asked.line)
    return protocol.HandoverOk(ref=asked.ref, asked=many)


@heard(bells.HandoverAsked, consumers=CONSOLE)
async def tell(consumer: consumers.Console, bell: bells.HandoverAsked) -> None:
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await consumer.write(protocol.HandoverOut(line=bell.line, by=asker.alias))
