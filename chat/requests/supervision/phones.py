"""Lists the people of a supervisor's lines who gave a telephone number."""

from chat import protocol
from chat.lines import staff
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from helpline.lib.bridge import in_database


@request(protocol.Phones, consumers=CONSOLE, may="board")
async def phones(consumer: consumers.Console, asked: protocol.Phones) -> protocol.PhonesOk:
    found = await in_database(staff.reachable, consumer.person)
    rows = [
        protocol.Phone(line, person.handle, person.alias, person.phone, counsels)
        for line, person, counsels in found
    ]
    return protocol.PhonesOk(ref=asked.ref, phones=rows)
