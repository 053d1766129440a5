"""Lists the second factors that were replaced in the last day, and restores a previous factor. Each
supervisor of the factor's owner may see and undo the replacement."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import staff_people
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Replacements, consumers=CONSOLE, may="devices")
async def list_replacements(
    consumer: consumers.Console, asked: protocol.Replacements
) -> protocol.ReplacementsOk:
    found = await in_database(staff_people.fresh_replacements, consumer.person, now=clock.now())
    rows = [
        protocol.ReplacementRow(row.pk, row.person.alias, row.by.alias, clock.stamp(row.at)) for row in found
    ]
    return protocol.ReplacementsOk(ref=asked.ref, rows=rows)


@request(protocol.UndoReplacement, consumers=CONSOLE, may="devices", device=APPROVED_NOW, scope="replacement")
async def undo_replacement(consumer: consumers.Console, asked: protocol.UndoReplacement) -> None:
    await in_database(staff_people.undo_replacement, consumer.person, asked.replacement, now=clock.now())


@heard(bells.StaffChanged, consumers=CONSOLE, missed=True, may="devices")
async def tell_staff(consumer: consumers.Console, _bell: bells.StaffChanged) -> None:
    await consumer.write(protocol.StaffOut())
