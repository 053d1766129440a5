"""The devices of those who work for a supervisor's lines and services."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import needs_two, staff_devices
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Devices, doors=CONSOLE, may="devices")
async def list_devices(door: doors.Console, asked: protocol.Devices) -> protocol.DevicesOk:
    found = await in_database(staff_devices.devices_for, door.person)
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


@request(protocol.Approve, doors=CONSOLE, may="devices", device=APPROVED_NOW, scope="device")
async def approve(door: doors.Console, asked: protocol.Approve) -> None:
    await in_database(staff_devices.approve, door.person, asked.device)


@request(protocol.Revoke, doors=CONSOLE, may="devices", device=APPROVED_NOW, scope="device")
async def revoke(door: doors.Console, asked: protocol.Revoke) -> protocol.RevokeOk:
    wish = await in_database(needs_two.revoke, door.person, asked.device, lost=asked.lost, now=clock.now())
    return protocol.RevokeOk(ref=asked.ref, waits=wish is not None and wish.waits)
