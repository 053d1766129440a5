"""Checks what the server can check of a sealed box without any key: its size and header. It reads nothing
else."""

from dataclasses import dataclass

from chat import states
from helpline.lib import encoding
from helpline.lib.errors import BadFrame

VERSION, SUITE = 1, 1
HEADER_BYTES = 48
OVERHEAD_BYTES = 48 + 32 + 16  # header, commitment, tag
SIZES = frozenset(bucket + OVERHEAD_BYTES for bucket in (256, 512, 1024, 2048, 4096, 8192))
WRAP_BYTES = 113

MESSAGE, INTAKE, NOTE, BRIEF = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Header:
    """Holds bytes 0–47 of a box, with ids in wire form."""

    kind: int
    conversation: str
    epoch: int
    sender: str
    id: str


def kinds_for(role: str, kind: str) -> frozenset[int]:
    """Returns the box kinds that a seat may send in an entry of this kind."""
    if kind == "note":
        return frozenset({NOTE})
    return frozenset({MESSAGE, INTAKE} if role == states.SeatRole.CALLER else {MESSAGE, BRIEF})


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
