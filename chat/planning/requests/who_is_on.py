"""Handles the board's request for the people who should be on shift now and those whose shift begins within a
day."""

from chat.planning import attendance, frames
from chat.planning.requests.rota import shown
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(frames.OnShift, consumers=CONSOLE, may="rota", scope="line")
async def on_shift(consumer: consumers.Console, asked: frames.OnShift) -> frames.OnShiftOk:
    found = await in_database(attendance.now_and_soon, consumer.person, asked.line, now=clock.now())
    return frames.OnShiftOk(ref=asked.ref, shifts=[shown(shift, {}, {}) for shift in found])
