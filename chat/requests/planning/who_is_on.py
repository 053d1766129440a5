"""Who should be there: beside who is, on the board."""

from chat import protocol
from chat.planning import attendance
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import request
from chat.requests.planning.rota import shown
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.OnShift, doors=CONSOLE, may="rota", scope="line")
async def on_shift(door: doors.Console, asked: protocol.OnShift) -> protocol.OnShiftOk:
    found = await in_database(attendance.now_and_soon, door.person, asked.line, now=clock.now())
    return protocol.OnShiftOk(ref=asked.ref, shifts=[shown(shift, {}) for shift in found])
