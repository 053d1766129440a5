"""Who should be on shift now, for the board."""

from chat import protocol
from chat.planning import attendance
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from chat.requests.planning.rota import shown
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.OnShift, consumers=CONSOLE, may="rota", scope="line")
async def on_shift(consumer: consumers.Console, asked: protocol.OnShift) -> protocol.OnShiftOk:
    found = await in_database(attendance.now_and_soon, consumer.person, asked.line, now=clock.now())
    return protocol.OnShiftOk(ref=asked.ref, shifts=[shown(shift, {}) for shift in found])
