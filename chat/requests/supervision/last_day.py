"""Sums up the last day of a supervisor's lines."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from chat.supervision import last_day
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.LastDay, consumers=CONSOLE, may="board")
async def sum_up(consumer: consumers.Console, asked: protocol.LastDay) -> protocol.LastDayOk:
    now = clock.now()
    found = await in_database(last_day.of_lines, consumer.person, now=now)
    lines = [
        protocol.LastDayLine(
            line=one.line,
            came=one.came,
            acute=one.acute,
            answered=one.answered,
            gave_up=one.gave_up,
            refused=one.refused,
            missed=one.missed,
            longest=round(one.longest.total_seconds()),
            alone=round(one.alone.total_seconds()),
            grave=[protocol.Grave(kind=row.kind, at=clock.stamp(row.at)) for row in one.grave],  # type: ignore[arg-type]
        )
        for one in found
    ]
    return protocol.LastDayOk(ref=asked.ref, since=clock.stamp(last_day.begin(now)), lines=lines)
