"""The supervisor's part of the console's door: devices, review keys, reviews, holds. Others: forbidden."""

from chat import (
    approvals,
    clock_guard,
    holds,
    protocol,
    purge,
    review_keys,
    reviewing,
    states,
    steering,
)
from chat.consumers.following import entry_frame
from chat.consumers.staff import StaffDoor
from chat.models import Hold
from chat.review_keys import Generation, LineKeys
from chat.reviewing import Listed, Page
from counsellors import devices, permissions
from counsellors.models import Device, Person
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


class Supervising(StaffDoor):
    """Each handler asks for the role first; whose line it is, the domain knows."""

    person: Person
    device: Device | None = None

    @property
    def _device_id(self) -> str | None:
        return self.device.pk if self.device else None

    async def _require_device(self) -> str:
        """A socket without an approved device may look, not act."""
        return (await in_database(devices.require_approved, self.person, self._device_id)).pk

    async def on_devices(self, request: protocol.Devices) -> protocol.Ok:
        permissions.require(self.person, "devices")
        found = await in_database(approvals.devices_for, self.person)
        rows = [
            protocol.DeviceRow(
                id=device.pk,
                state=device.state,
                person=device.person.handle,
                alias=device.person.alias,
                label=device.label,
                key=encoding.encode(bytes(device.key)),
            )
            for device in found
        ]
        return protocol.DevicesOk(ref=request.ref, devices=rows)

    async def on_approve(self, request: protocol.Approve) -> protocol.Ok:
        permissions.require(self.person, "devices")
        await self._require_device()  # or a stolen password would approve its own device
        await in_database(approvals.approve, self.person, request.device)
        return protocol.Ok(ref=request.ref)

    async def on_revoke(self, request: protocol.Revoke) -> protocol.Ok:
        permissions.require(self.person, "devices")
        await in_database(approvals.revoke, self.person, request.device, now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_keys(self, request: protocol.KeysAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        found = await in_database(review_keys.keys_of, self.person, self._device_id)
        return protocol.KeysOk(ref=request.ref, lines=[_key_line(line) for line in found])

    async def on_makekey(self, request: protocol.KeyMade) -> protocol.Ok:
        permissions.require(self.person, "review")
        await in_database(
            review_keys.make,
            self.person,
            self._device_id,
            request.line,
            generation=request.generation,
            public=protocol.wire_bytes(request.public, 65),
            sealed=protocol.wire_bytes(request.sealed),
            now=clock.now(),
        )
        return protocol.Ok(ref=request.ref)

    async def on_sharekey(self, request: protocol.KeyShared) -> protocol.Ok:
        permissions.require(self.person, "review")
        await in_database(
            review_keys.share,
            self.person,
            self._device_id,
            request.line,
            generation=request.generation,
            to=request.device,
            sealed=protocol.wire_bytes(request.sealed),
        )
        return protocol.Ok(ref=request.ref)

    async def on_reviews(self, request: protocol.ReviewsAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        now = clock.now()
        found = await in_database(reviewing.listed, self.person, request.line, before=request.before, now=now)
        readings = await in_database(reviewing.open_readings, self.person, request.line, now=now)
        return protocol.ReviewsOk(
            ref=request.ref,
            conversations=[_review_row(one) for one in found],
            readings=[
                protocol.ReadingRow(
                    reading=one.pk,
                    conversation=one.conversation_id,
                    alias=one.person.alias,
                    own=one.person_id == self.person.pk,
                    reason=one.reason,
                    at=clock.stamp(one.asked_at),
                    open=one.allowed_at is not None,
                )
                for one in readings
            ],
        )

    async def on_read(self, request: protocol.ReadAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        reading = await in_database(
            reviewing.ask, self.person, request.conversation, request.reason, now=clock.now()
        )
        return protocol.ReadOk(ref=request.ref, reading=reading.pk, open=reading.allowed_at is not None)

    async def on_allow(self, request: protocol.ReadAllowed) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        await in_database(reviewing.allow, self.person, request.reading, now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_transcript(self, request: protocol.TranscriptAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        device = await self._require_device()
        page = await in_database(
            reviewing.page, self.person, device, request.reading, request.since, now=clock.now()
        )
        return _transcript(request.ref, page)

    async def on_holds(self, request: protocol.HoldsAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        found = await in_database(holds.list_of, self.person, request.line)
        return protocol.HoldsOk(ref=request.ref, holds=[_hold_row(one, self.person) for one in found])

    async def on_hold(self, request: protocol.HoldWished) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        hold = await in_database(
            holds.ask, self.person, request.conversation, request.reason, request.until, now=clock.now()
        )
        return protocol.HoldOk(ref=request.ref, hold=hold.pk, until=clock.stamp(hold.until))

    async def on_confirm(self, request: protocol.HoldConfirmed) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        hold = await in_database(holds.confirm, self.person, request.hold, now=clock.now())
        return protocol.HoldOk(ref=request.ref, hold=hold.pk, until=clock.stamp(hold.until))

    async def on_drop(self, request: protocol.HoldDropped) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        await in_database(holds.drop, self.person, request.hold)
        return protocol.Ok(ref=request.ref)

    async def on_keeping(self, request: protocol.KeepingSet) -> protocol.Ok:
        permissions.require(self.person, "review")
        await self._require_device()
        await in_database(steering.keep, self.person, request.line, hours=request.hours, two=request.two)
        return protocol.Ok(ref=request.ref)

    async def on_overdue(self, request: protocol.OverdueAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        overdue = await in_database(purge.overdue_of, self.person, clock.now())
        halted = await in_database(clock_guard.is_halted)
        return protocol.OverdueOk(ref=request.ref, overdue=overdue, halted=halted)

    async def on_trail(self, request: protocol.TrailAsked) -> protocol.Ok:
        permissions.require(self.person, "review")
        rows = await in_database(reviewing.trail, self.person)
        return protocol.TrailOk(
            ref=request.ref,
            rows=[
                protocol.TrailRow(at=clock.stamp(row.at), alias=alias, action=row.action, detail=row.detail)
                for row, alias in rows
            ],
        )


def _key_line(found: LineKeys) -> protocol.KeyLine:
    return protocol.KeyLine(
        line=found.line.pk,
        name=found.line.name,
        hours=found.line.retention.total_seconds() / 3600,
        two=found.line.review_needs_two,
        stale=found.stale,
        keys=[_key_row(one) for one in found.generations],
        devices=[
            protocol.KeyDevice(
                id=device.pk,
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
        retired=clock.stamp(key.retired_at) if key.retired_at else None,
        share=encoding.encode(one.share) if one.share else None,
        devices=one.devices,
    )


def _review_row(one: Listed) -> protocol.ReviewRow:
    row = one.row
    return protocol.ReviewRow(
        conversation=row.pk,
        opened=clock.stamp(row.opened_at),
        ended=clock.stamp(row.ended_at) if row.ended_at else None,
        state=states.on_the_wire(row.state),
        roles=one.roles,
        until=clock.stamp(one.rows_end) if one.rows_end else None,
        held=clock.stamp(row.held_until) if row.held_until else None,
        generation=one.generation,
    )


def _hold_row(one: Hold, person: Person) -> protocol.HoldRow:
    return protocol.HoldRow(
        hold=one.pk,
        conversation=one.conversation_id,
        opened=clock.stamp(one.conversation.opened_at),
        reason=one.reason,
        until=clock.stamp(one.until),
        asked=one.asked_by.alias,
        own=one.asked_by_id == person.pk,
        confirmed=one.confirmed_by.alias if one.confirmed_by else None,
        gone=one.conversation.gone_at is not None,
    )


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
