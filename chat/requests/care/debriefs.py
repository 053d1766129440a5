"""Handles requests about debriefs, in which a person talks with a supervisor about a heavy conversation."""

from chat import bells, protocol
from chat.care import debriefs
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Debrief, consumers=CONSOLE, may="debrief", scope="line")
async def ask(consumer: consumers.Console, asked: protocol.Debrief) -> None:
    await in_database(debriefs.ask, consumer.person, asked.line, now=clock.now())


@request(protocol.Debriefs, consumers=CONSOLE, may="care")
async def wanted(consumer: consumers.Console, asked: protocol.Debriefs) -> protocol.DebriefsOk:
    rows = await in_database(debriefs.wanted, consumer.person)
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


@request(protocol.Debriefed, consumers=CONSOLE, may="care", device=APPROVED_NOW, scope="debrief")
async def hold(consumer: consumers.Console, asked: protocol.Debriefed) -> None:
    await in_database(debriefs.hold, consumer.person, asked.debrief, now=clock.now())


@heard(bells.DebriefsChanged, consumers=CONSOLE, missed=True, may="care")
async def tell(consumer: consumers.Console, _bell: bells.DebriefsChanged) -> None:
    await consumer.write(protocol.DebriefsOut())
