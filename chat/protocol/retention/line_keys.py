"""Frames about the review keys and the letters keys of lines."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request

type Generation = Annotated[int, Meta(ge=1, le=2**31 - 1)]

type KeyUse = Literal["review", "letters"]


class Keys(Request):
    """Asks for the review keys or the letters keys of the supervisor's lines, and for the devices that can
    open them."""

    use: KeyUse = "review"


class MakeKey(Request):
    """Stores the next generation of a line's review key or letters key. `sealed` is the private key, sealed
    for the device that made the key."""

    line: Opaque
    generation: Generation
    public: Bytes
    sealed: Bytes
    use: KeyUse = "review"


class MakeKeyOk(Ok):
    """Answers `makekey`. `waits` is true if a second supervisor has to confirm the key before new
    conversations use it."""

    waits: bool


class ShareKey(Request):
    """Stores a line's private key, sealed for another device whose eight words were compared by voice. A
    review key can be shared with supervisors only."""

    line: Opaque
    generation: Generation
    device: Opaque
    sealed: Bytes
    use: KeyUse = "review"


class KeyRow(Struct):
    """Represents a generation of a line's key. `confirmed` is null while the key waits for a second
    supervisor.

    `share` is the private key sealed for this device, or null. `devices` are the fingerprints of the devices
    that can open the key.
    """

    generation: int
    public: Bytes
    made: At
    confirmed: At | None
    retired: At | None
    share: Bytes | None
    devices: list[str]


class KeyDevice(Struct):
    """Represents an approved device with which the line's key can be shared. Its owner is a supervisor or,
    for a letters key, a supervisor or a counsellor. The device's eight words are derived from its public key,
    `key`; a share is sealed for the same key."""

    id: str
    person: str
    alias: str
    label: str
    key: Bytes


class KeyLine(Struct):
    """Holds a line's review keys or letters keys, newest first. `hours` is the line's retention. `two` is
    true if reading needs two supervisors, and `cases` if the line keeps removal cases. `stale` is true if a
    device that should no longer have the current key can still open it. `ended` is when the line ended, or
    null."""

    line: str
    name: str
    hours: float
    two: bool
    cases: bool
    stale: bool
    ended: At | None
    keys: list[KeyRow]
    devices: list[KeyDevice]


class KeysOk(Ok):
    """Answers `keys`."""

    lines: list[KeyLine]
