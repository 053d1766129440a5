"""Handles requests that set a line's retention, and requests that ask whether the purge is overdue."""

from chat import bells, protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.retention import clock_guard, purge
from chat.supervision import needs_approval
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Keeping, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="line")
async def keeping(consumer: consumers.Console, asked: protocol.Keeping) -> protocol.KeepingOk:
    approvals = await in_database(
        needs_approval.set_keeping,
        consumer.person,
        asked.line,
        hours=asked.hours,
        two=asked.two,
        now=clock.now(),
    )
    return protocol.KeepingOk(ref=asked.ref, waits=any(approval.waits for approval in approvals))


@request(protocol.Overdue, consumers=CONSOLE, may="review")
async def overdue(consumer: consumers.Console, asked: protocol.Overdue) -> protocol.OverdueOk:
    late = await in_database(purge.overdue_of, consumer.person, clock.now())
    halted = await in_database(clock_guard.is_halted)
    return protocol.OverdueOk(ref=asked.ref, overdue=late, halted=halted)


@heard(bells.ReviewChanged, consumers=CONSOLE, missed=True, may="review")
async def tell_review(consumer: consumers.Console, bell: bells.ReviewChanged) -> None:
    await consumer.write(protocol.ReviewOut(line=bell.line))
