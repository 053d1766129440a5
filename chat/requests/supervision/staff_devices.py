"""Handles requests about the devices of the people who work for a supervisor's lines and services."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import needs_approval, staff_devices
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Devices, consumers=CONSOLE, may="devices")
async def list_devices(consumer: consumers.Console, asked: protocol.Devices) -> protocol.DevicesOk:
    found = await in_database(staff_devices.devices_for, consumer.person)
    rows = [
        protocol.DeviceRow(
            id=device.fingerprint,
            state=device.state,
            person=device.person.handle,
            alias=device.person.alias,
            label=device.label,
            key=encoding.encode(bytes(device.key)),
            enrolled=clock.stamp(device.enrolled_at),
            used=clock.stamp(device.used_at),
        )
        for device in found
    ]
    return protocol.DevicesOk(ref=asked.ref, devices=rows)


@request(protocol.Approve, consumers=CONSOLE, may="devices", device=APPROVED_NOW, scope="device")
async def approve(consumer: consumers.Console, asked: protocol.Approve) -> None:
    await in_database(staff_devices.approve, consumer.person, asked.device)


@request(protocol.Revoke, consumers=CONSOLE, may="devices", device=APPROVED_NOW, scope="device")
async def revoke(consumer: consumers.Console, asked: protocol.Revoke) -> protocol.RevokeOk:
    approval = await in_database(
        needs_approval.revoke,
        consumer.person,
        asked.device,
        lost=asked.lost,
        differ=asked.differ,
        now=clock.now(),
    )
    return protocol.RevokeOk(ref=asked.ref, waits=approval is not None and approval.waits)
