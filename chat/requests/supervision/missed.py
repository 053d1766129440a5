"""Records that a supervisor has seen a missed call for help or a missed acute caller."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import missed
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.SeenMissed, consumers=CONSOLE, may="seenmissed", device=APPROVED_NOW, scope="line")
async def seen_missed(consumer: consumers.Console, asked: protocol.SeenMissed) -> None:
    await in_database(missed.see, consumer.person, asked.line, asked.missed, now=clock.now())
