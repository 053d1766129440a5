"""Handles requests about removal cases: whether a line keeps them, and the counts of their results."""

from chat import protocol
from chat.cases import results, settings
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, IN_CHARGE, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.SetCases, consumers=CONSOLE, may="cases", device=APPROVED_NOW, scope="line")
async def set_cases(consumer: consumers.Console, asked: protocol.SetCases) -> None:
    await in_database(settings.switch, consumer.person, asked.line, keeps=asked.cases)


@request(protocol.CaseResult, consumers=CONSOLE, may="flag", scope="conversation", seat=IN_CHARGE)
async def count_result(consumer: consumers.Console, asked: protocol.CaseResult) -> None:
    seat = await consumer.seat_in(asked.conversation)
    told = {name: code for name in results.CODES if (code := getattr(asked, name)) is not None}
    await in_database(results.count, seat, asked.item, told, now=clock.now())
