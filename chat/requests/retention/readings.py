"""Handles supervisors' requests to read the transcripts of earlier conversations."""

from datetime import datetime, timedelta

from chat import protocol, states
from chat.conversation import initials
from chat.models import Reading
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.conversation.delivery import entry_frame
from chat.requests.declared import APPROVED_NOW, request
from chat.retention import readings
from chat.retention.readings import Listed, Page, Sought
from counsellors.models import Person
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Reviews, consumers=CONSOLE, may="review", scope="line")
async def reviews(consumer: consumers.Console, asked: protocol.Reviews) -> protocol.ReviewsOk:
    now = clock.now()
    sought = Sought(asked.person, asked.risk, timedelta(minutes=asked.minutes))
    found = await in_database(
        readings.listed, consumer.person, asked.line, before=asked.before, now=now, sought=sought
    )
    approvals = await in_database(readings.open_readings, consumer.person, asked.line, now=now)
    return protocol.ReviewsOk(
        ref=asked.ref,
        conversations=[_review_row(one) for one in found],
        readings=[reading_row(one, consumer.person) for one in approvals],
    )


@request(protocol.Read, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="conversation")
async def read(consumer: consumers.Console, asked: protocol.Read) -> protocol.ReadOk:
    reading = await in_database(
        readings.ask, consumer.person, asked.conversation, asked.reason, now=clock.now()
    )
    return protocol.ReadOk(ref=asked.ref, reading=reading.pk, open=reading.allowed_at is not None)


@request(protocol.Allow, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="reading")
async def allow(consumer: consumers.Console, asked: protocol.Allow) -> None:
    await in_database(readings.allow, consumer.person, asked.reading, now=clock.now())


@request(protocol.DropReading, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="reading")
async def drop_reading(consumer: consumers.Console, asked: protocol.DropReading) -> None:
    await in_database(readings.drop, consumer.person, asked.reading)


@request(protocol.Transcript, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="reading")
async def transcript(consumer: consumers.Console, asked: protocol.Transcript) -> protocol.TranscriptOk:
    page = await in_database(
        readings.page,
        consumer.person,
        consumer.approved_device(),
        asked.reading,
        asked.since,
        now=clock.now(),
    )
    return _transcript(asked.ref, page)


def reading_row(one: Reading, person: Person) -> protocol.ReadingRow:
    row = one.conversation
    return protocol.ReadingRow(
        reading=one.pk,
        conversation=row.pk,
        line=row.line_id,
        opened=clock.stamp(row.opened_at),
        initial=initials.name(row.initial),
        people=readings.people_of(row),
        alias=one.person.alias,
        own=one.person_id == person.pk,
        reason=one.reason,
        at=clock.stamp(one.asked_at),
        until=clock.stamp((one.allowed_at or one.asked_at) + readings.READING_TTL),
        open=one.allowed_at is not None,
    )


def _review_row(one: Listed) -> protocol.ReviewRow:
    row = one.row
    return protocol.ReviewRow(
        conversation=row.pk,
        opened=clock.stamp(row.opened_at),
        ended=clock.stamp_or_none(row.ended_at),
        state=states.on_the_wire(row.state),
        roles=one.roles,
        people=one.people,
        initial=initials.name(row.initial),
        risk=row.risk,
        minutes=_minutes(row.active_at, row.ended_at),
        until=clock.stamp_or_none(one.rows_end),
        held=clock.stamp_or_none(row.held_until),
        generation=one.generation,
    )


def _minutes(begun: datetime | None, over: datetime | None) -> int | None:
    return int((over - begun).total_seconds() // 60) if begun and over else None


def _transcript(ref: str, page: Page) -> protocol.TranscriptOk:
    return protocol.TranscriptOk(
        ref=ref,
        line=page.line,
        generation=page.generation,
        public=encoding.encode(page.public),
        share=encoding.encode(page.share),
        entries=[entry_frame(one) for one in page.entries],  # type: ignore[misc]
        wraps=[
            protocol.SeatWrap(
                member=one.member, grant=one.grant, epoch=one.epoch, wrap=encoding.encode(one.wrap)
            )
            for one in page.wraps
        ],
        upto=page.upto,
        more=page.more,
    )
