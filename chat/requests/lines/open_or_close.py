"""Handles requests to open, throttle and close a line."""

from chat import protocol
from chat.lines import open_or_close
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Line, consumers=CONSOLE, may="line", device=APPROVED_NOW, scope="line")
async def line(consumer: consumers.Console, asked: protocol.Line) -> None:
    await in_database(
        open_or_close.open_or_close,
        consumer.person,
        asked.line,
        state=asked.state,
        most=asked.most,
        reason=asked.reason,
        until=asked.until,
        now=clock.now(),
    )
