"""Handles requests about the texts that a line shows its callers: reading them, changing them from a given
time on, and deleting a change that is not valid yet."""

from chat import protocol
from chat.lines import editions
from chat.lines.editions import Found, Number, Question, Wording
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from helpline.languages import stripped
from helpline.lib import clock, decoding
from helpline.lib.bridge import in_database

_to_shown = decoding.from_values(protocol.WordingShown, from_attributes=True)


@request(protocol.Wording, consumers=CONSOLE, may="wording", scope="line")
async def wording(consumer: consumers.Console, asked: protocol.Wording) -> protocol.WordingOk:
    return _said(asked.ref, await in_database(editions.read, consumer.person, asked.line, now=clock.now()))


@request(protocol.SetWording, consumers=CONSOLE, may="wording", device=APPROVED_NOW, scope="line")
async def set_wording(consumer: consumers.Console, asked: protocol.SetWording) -> protocol.WordingOk:
    given, now = _wording(asked.wording), clock.now()
    found = await in_database(
        editions.change,
        consumer.person,
        asked.line,
        given,
        since=asked.begins,
        newest=asked.newest,
        now=now,
    )
    return _said(asked.ref, found)


@request(protocol.DropWording, consumers=CONSOLE, may="wording", device=APPROVED_NOW, scope="line")
async def drop_wording(consumer: consumers.Console, asked: protocol.DropWording) -> protocol.WordingOk:
    found = await in_database(editions.drop, consumer.person, asked.line, asked.edition, now=clock.now())
    return _said(asked.ref, found)


def _wording(asked: protocol.WordingSet | None) -> Wording | None:
    if asked is None:
        return None
    return Wording(
        is_for=stripped(asked.is_for),
        danger=stripped(asked.danger),
        tips=tuple(map(stripped, asked.tips)),
        questions=tuple(Question(stripped(one.asks), tuple(one.tips), one.danger) for one in asked.questions),
        numbers=tuple(
            Number(one.service, stripped(one.says), one.always, one.acute) for one in asked.numbers
        ),
    )


def _said(ref: str, found: Found) -> protocol.WordingOk:
    return protocol.WordingOk(
        ref=ref,
        standard=_shown_wording(found.standard),
        editions=[
            protocol.EditionShown(
                edition=one.pk,
                begins=clock.stamp(one.since),
                by=one.by,
                state=one.state,
                wording=_shown_wording(one.wording) if one.wording else None,
            )
            for one in found.editions
        ],
        services=found.services,
        phones=found.phones,
    )


def _shown_wording(wording: Wording) -> protocol.WordingShown:
    return _to_shown(wording)
