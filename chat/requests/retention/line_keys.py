"""Handles requests to list, make and share the keys of a line."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from chat.retention import line_keys
from chat.retention.line_keys import Generation, LineKeys
from chat.supervision import needs_approval
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Keys, consumers=CONSOLE, may="review")
async def keys(consumer: consumers.Console, asked: protocol.Keys) -> protocol.KeysOk:
    found = await in_database(line_keys.keys_of, consumer.person, consumer.device_id, asked.use)
    return protocol.KeysOk(ref=asked.ref, lines=[_key_line(line) for line in found])


@request(protocol.MakeKey, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="line")
async def make_key(consumer: consumers.Console, asked: protocol.MakeKey) -> protocol.MakeKeyOk:
    approval = await in_database(
        needs_approval.make_key,
        consumer.person,
        consumer.device_id,
        asked.line,
        use=asked.use,
        generation=asked.generation,
        public=protocol.wire_bytes(asked.public, 65),
        sealed=protocol.wire_bytes(asked.sealed),
        now=clock.now(),
    )
    return protocol.MakeKeyOk(ref=asked.ref, waits=approval.waits)


@request(protocol.ShareKey, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="line")
async def share_key(consumer: consumers.Console, asked: protocol.ShareKey) -> None:
    await in_database(
        line_keys.share,
        consumer.person,
        consumer.device_id,
        asked.line,
        use=asked.use,
        generation=asked.generation,
        to=asked.device,
        sealed=protocol.wire_bytes(asked.sealed),
    )


def _key_line(found: LineKeys) -> protocol.KeyLine:
    return protocol.KeyLine(
        line=found.line.pk,
        name=found.line.name,
        hours=found.line.retention.total_seconds() / 3600,
        two=found.line.review_needs_two,
        cases=found.line.cases,
        stale=found.stale,
        ended=clock.stamp_or_none(found.line.ended_at),
        keys=[_key_row(one) for one in found.generations],
        devices=[
            protocol.KeyDevice(
                id=device.fingerprint,
                person=device.person.handle,
                alias=device.person.alias,
                label=device.label,
                key=encoding.encode(bytes(device.key)),
            )
            for device in found.devices
        ],
    )


def _key_row(one: Generation) -> protocol.KeyRow:
    key = one.key
    return protocol.KeyRow(
        generation=key.generation,
        public=encoding.encode(bytes(key.public)),
        made=clock.stamp(key.made_at),
        confirmed=clock.stamp_or_none(key.confirmed_at),
        retired=clock.stamp_or_none(key.retired_at),
        share=encoding.encode(one.share) if one.share else None,
        devices=one.devices,
    )
