"""Returns the figures of the last day for each of a supervisor's lines."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import request
from chat.supervision import last_day
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.LastDay, consumers=CONSOLE, may="board")
async def sum_up(consumer: consumers.Console, asked: protocol.LastDay) -> protocol.LastDayOk:
    now = clock.now()
    found = await in_database(last_day.of_lines, consumer.person, now=now)
    lines = [
        copied(
            protocol.LastDayLine,
            one,
            longest=round(one.longest.total_seconds()),
            alone=round(one.alone.total_seconds()),
            grave=[copied(protocol.Grave, row) for row in one.grave],
        )
        for one in found
    ]
    return protocol.LastDayOk(ref=asked.ref, since=clock.stamp(last_day.begin(now)), lines=lines)
