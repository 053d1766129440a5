"""Handles requests about the wrap-up form after a conversation, and about the codes that a line added to
it."""

from chat import bells, protocol
from chat.figures import by_hand, codes, own_codes
from chat.figures.own_codes import Named
from chat.letters import forms
from chat.models import OwnCode
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline import languages
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.WrapUp, consumers=CONSOLE, scope="conversation")
async def wrap_up(consumer: consumers.Console, asked: protocol.WrapUp) -> None:
    await in_database(forms.wrap_up, consumer.person, asked.conversation, asked.codes, now=clock.now())


@request(protocol.OwnCodes, consumers=CONSOLE, may="codes", scope="line")
async def list_own_codes(consumer: consumers.Console, asked: protocol.OwnCodes) -> protocol.OwnCodesOk:
    return _ok(asked.ref, await in_database(own_codes.of_line, consumer.person, asked.line))


@request(protocol.AddCode, consumers=CONSOLE, may="codes", device=APPROVED_NOW, scope="line")
async def add_code(consumer: consumers.Console, asked: protocol.AddCode) -> protocol.OwnCodesOk:
    named = Named(asked.question, languages.stripped(asked.says))
    rows = await in_database(own_codes.add, consumer.person, asked.line, named, now=clock.now())
    return _ok(asked.ref, rows)


@request(protocol.EndCode, consumers=CONSOLE, may="codes", device=APPROVED_NOW, scope="line")
async def end_code(consumer: consumers.Console, asked: protocol.EndCode) -> protocol.OwnCodesOk:
    rows = await in_database(own_codes.end, consumer.person, asked.line, asked.code, now=clock.now())
    return _ok(asked.ref, rows)


@request(protocol.BackCode, consumers=CONSOLE, may="codes", device=APPROVED_NOW, scope="line")
async def bring_code_back(consumer: consumers.Console, asked: protocol.BackCode) -> protocol.OwnCodesOk:
    rows = await in_database(own_codes.bring_back, consumer.person, asked.line, asked.code)
    return _ok(asked.ref, rows)


@request(protocol.CountContact, consumers=CONSOLE, may="count", scope="line")
async def count_contact(consumer: consumers.Console, asked: protocol.CountContact) -> None:
    action = by_hand.uncount if asked.undo else by_hand.count
    await in_database(action, consumer.person, asked.line, asked.how, now=clock.now())


@heard(bells.CodesChanged, consumers=CONSOLE, missed=True)
async def tell_codes(consumer: consumers.Console, _bell: bells.CodesChanged) -> None:
    offered, own = await in_database(codes.offered_to, consumer.person)
    await consumer.write(protocol.CodesOut(codes=offered, own_codes=[code_frame(row) for row in own]))


def code_frame(row: OwnCode) -> protocol.OwnCodeShown:
    return protocol.OwnCodeShown(
        line=row.line_id,
        question=row.question,
        code=row.code,
        says=row.says,
        made=clock.stamp(row.since),
        ended=clock.stamp_or_none(row.ended),
    )


def _ok(ref: str, rows: list[OwnCode]) -> protocol.OwnCodesOk:
    return protocol.OwnCodesOk(ref=ref, codes=[code_frame(row) for row in rows])
