"""A line's own texts for its callers: read, changed from a moment on, dropped."""

from chat import protocol
from chat.lines import editions
from chat.lines.editions import Found, Number, Said
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Wording, consumers=CONSOLE, may="wording", scope="line")
async def wording(consumer: consumers.Console, asked: protocol.Wording) -> protocol.WordingOk:
    return _said(asked.ref, await in_database(editions.read, consumer.person, asked.line, now=clock.now()))


@request(protocol.SetWording, consumers=CONSOLE, may="wording", device=APPROVED_NOW, scope="line")
async def set_wording(consumer: consumers.Console, asked: protocol.SetWording) -> protocol.WordingOk:
    given, now = _wording(asked.wording), clock.now()
    found = await in_database(
        editions.change, consumer.person, asked.line, given, since=asked.begins, now=now
    )
    return _said(asked.ref, found)


@request(protocol.DropWording, consumers=CONSOLE, may="wording", device=APPROVED_NOW, scope="line")
async def drop_wording(consumer: consumers.Console, asked: protocol.DropWording) -> protocol.WordingOk:
    found = await in_database(editions.drop, consumer.person, asked.line, asked.edition, now=clock.now())
    return _said(asked.ref, found)


def _wording(asked: protocol.WordingSet | None) -> editions.Wording | None:
    if asked is None:
        return None
    return editions.Wording(
        is_for=_both(asked.is_for),
        danger=_both(asked.danger),
        tips=tuple(_both(tip) for tip in asked.tips),
        numbers=tuple(Number(one.service, _both(one.says), one.always, one.acute) for one in asked.numbers),
    )


def _both(said: protocol.SaidSet | protocol.WhomSet) -> Said:
    return Said(said.nl.strip(), said.en.strip())


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


def _shown_wording(wording: editions.Wording) -> protocol.WordingShown:
    return protocol.WordingShown(
        is_for=protocol.SaidShown(wording.is_for.nl, wording.is_for.en),
        danger=protocol.SaidShown(wording.danger.nl, wording.danger.en),
        tips=[protocol.SaidShown(tip.nl, tip.en) for tip in wording.tips],
        numbers=[
            protocol.NumberShown(
                one.service, protocol.SaidShown(one.says.nl, one.says.en), one.always, one.acute
            )
            for one in wording.numbers
        ],
    )
