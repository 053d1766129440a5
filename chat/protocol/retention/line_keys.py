"""Frames about the review keys and the letters keys of lines."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request

type Generation = Annotated[int, Meta(ge=1, le=2**31 - 1)]

type KeyUse = Literal["review", "letters"]


class Keys(Request):
    """Asks for the review keys or the letters keys of the supervisor's lines, and for which devices can open
    them."""

    use: KeyUse = "review"


class MakeKey(Request):
    """Stores the next generation of a line's key of this use, sealed for the device that made it."""

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
    """Stores a line's key sealed for another device, whose eight words were compared by voice. A review key
    may be shared with supervisors only."""

    line: Opaque
    generation: Generation
    device: Opaque
    sealed: Bytes
    use: KeyUse = "review"


class KeyRow(Struct):
    """Represents a generation of a line's key. `confirmed` is null while it waits for a second supervisor.

    `share` is the private key sealed for this device, or null; `devices` are those that can open it.
    """

    generation: int
    public: Bytes
    made: At
    confirmed: At | None
    retired: At | None
    share: Bytes | None
    devices: list[str]


class KeyDevice(Struct):
    """Represents an approved device of a supervisor of the line. `key` is its public key, from which its
    eight words are derived and for which a share is sealed."""

    id: str
    person: str
    alias: str
    label: str
    key: Bytes


class KeyLine(Struct):
    """Holds a line's keys of one use, newest first. `hours` is its retention. `two` is true if reading needs
    two supervisors, and `cases` if the line keeps removal cases. `stale` is true if a device that should no
    longer do so can open the present key. `ended` says since when the line has ended, or is null."""

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
