"""How long a line keeps, and whether the purge keeps its word."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.retention import clock_guard, purge
from chat.supervision import needs_two
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Keeping, doors=CONSOLE, may="review", device=APPROVED_NOW, scope="line")
async def keeping(door: doors.Console, asked: protocol.Keeping) -> protocol.KeepingOk:
    wishes = await in_database(
        needs_two.set_keeping, door.person, asked.line, hours=asked.hours, two=asked.two, now=clock.now()
    )
    return protocol.KeepingOk(ref=asked.ref, waits=any(wish.waits for wish in wishes))


@request(protocol.Overdue, doors=CONSOLE, may="review")
async def overdue(door: doors.Console, asked: protocol.Overdue) -> protocol.OverdueOk:
    late = await in_database(purge.overdue_of, door.person, clock.now())
    halted = await in_database(clock_guard.is_halted)
    return protocol.OverdueOk(ref=asked.ref, overdue=late, halted=halted)


@heard(bells.ReviewChanged, doors=CONSOLE)
async def tell_review(door: doors.Console, bell: bells.ReviewChanged) -> None:
    await door.write(protocol.ReviewOut(line=bell.line))
