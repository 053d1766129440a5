"""The end of a shift: everybody is asked to hand over."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import interventions
from helpline.lib.bridge import in_database


@request(protocol.Handover, doors=CONSOLE, may="handover", device=APPROVED_NOW, scope="line")
async def handover(door: doors.Console, asked: protocol.Handover) -> protocol.HandoverOk:
    many = await in_database(interventions.ask_to_hand_over, door.person, asked.line)
    return protocol.HandoverOk(ref=asked.ref, asked=many)


@heard(bells.HandoverAsked, doors=CONSOLE)
async def tell(door: doors.Console, bell: bells.HandoverAsked) -> None:
    asker = await in_database(interventions.asker, bell.by)
    if asker is not None:
        await door.write(protocol.HandoverOut(line=bell.line, by=asker.alias))
