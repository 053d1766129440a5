"""Checks the parts of a sealed box that can be read without a key: its size and header."""

from dataclasses import dataclass

from chat import states
from helpline.lib import encoding
from helpline.lib.errors import BadFrame

VERSION, SUITE = 1, 1
HEADER_BYTES = 48
OVERHEAD_BYTES = 48 + 32 + 16  # header, commitment, tag
SIZES = frozenset(bucket + OVERHEAD_BYTES for bucket in (256, 512, 1024, 2048, 4096, 8192))
WRAP_BYTES = 113

MESSAGE, INTAKE, NOTE, BRIEF, CASE = 1, 2, 3, 4, 5
KINDS = {states.SeatRole.CALLER: {MESSAGE, INTAKE, CASE}, states.SeatRole.PARTNER: {MESSAGE, BRIEF}}
KINDS_OF_STAFF = {MESSAGE, BRIEF, CASE}


@dataclass(frozen=True, slots=True)
class Header:
    """Holds bytes 0–47 of a box, with the ids encoded as on the wire."""

    kind: int
    conversation: str
    epoch: int
    sender: str
    id: str


def kinds_for(role: str, kind: str) -> frozenset[int]:
    """Returns the box kinds that a seat may send in an entry of this kind. It does not check whether the line
    keeps removal cases; that is checked when a case is stored (chat/cases/writing.py)."""
    if kind == "note":
        return frozenset({NOTE})
    return frozenset(KINDS.get(states.SeatRole(role), KINDS_OF_STAFF))


def header_of(box: bytes) -> Header:
    """Parses the header. Raises BadFrame for an unknown size, version or suite."""
    if len(box) not in SIZES or box[0] != VERSION or box[1] != SUITE or box[3] != 0:
        raise BadFrame
    return Header(
        kind=box[2],
        conversation=encoding.encode(box[4:20]),
        epoch=int.from_bytes(box[20:24]),
        sender=encoding.encode(box[24:32]),
        id=encoding.encode(box[32:HEADER_BYTES]),
    )
