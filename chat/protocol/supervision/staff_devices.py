"""Frames about the devices of the staff."""

from msgspec import Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request


class Devices(Request):
    """Asks for the devices of those who work for the supervisor's lines and services."""


class Approve(Request):
    """Approves a device whose fingerprint the supervisor compared by voice."""

    device: Opaque


class Revoke(Request):
    """Revokes a device. Revoking another supervisor's device needs approval, except with `lost`. `differ`
    records that the eight words that were read out did not match the device."""

    device: Opaque
    lost: bool = False
    differ: bool = False


class RevokeOk(Ok):
    """Answers `revoke`. `waits` is true if the device belongs to another supervisor, so that a second
    supervisor has to confirm the request."""

    waits: bool


class DeviceRow(Struct):
    """Represents a device of the staff. The fingerprint is derived from `key`. `used` is when the device's
    browser last proved that it has this key."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    enrolled: At
    used: At


class DevicesOk(Ok):
    """Answers `devices`."""

    devices: list[DeviceRow]
