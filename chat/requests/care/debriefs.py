"""Who wants to talk about what they had."""

from chat import bells, protocol
from chat.care import debriefs
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Debrief, doors=CONSOLE, may="debrief", scope="line")
async def ask(door: doors.Console, asked: protocol.Debrief) -> None:
    await in_database(debriefs.ask, door.person, asked.line, now=clock.now())


@request(protocol.Debriefs, doors=CONSOLE, may="care")
async def wanted(door: doors.Console, asked: protocol.Debriefs) -> protocol.DebriefsOk:
    rows = await in_database(debriefs.wanted, door.person)
    return protocol.DebriefsOk(
        ref=asked.ref,
        debriefs=[
            protocol.DebriefRow(
                debrief=row.pk,
                person=row.person.handle,
                alias=row.person.alias,
                line=row.line_id,
                why=row.why,
                asked=clock.stamp(row.asked_at),
            )
            for row in rows
        ],
    )


@request(protocol.Debriefed, doors=CONSOLE, may="care", device=APPROVED_NOW, scope="debrief")
async def hold(door: doors.Console, asked: protocol.Debriefed) -> None:
    await in_database(debriefs.hold, door.person, asked.debrief, now=clock.now())


@heard(bells.DebriefsChanged, doors=CONSOLE)
async def tell(door: doors.Console, _bell: bells.DebriefsChanged) -> None:
    await door.write(protocol.DebriefsOut())
