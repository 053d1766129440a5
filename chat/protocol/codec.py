"""Writes frames as text, and reads a frame's `ref` and its bytes. Each consumer parses its requests with a
decoder of its own (chat/requests/declared.py)."""

from datetime import datetime

import msgspec
from msgspec import Struct

from chat.protocol.fields import Ref
from chat.protocol.frames import Error
from helpline.lib import clock, encoding
from helpline.lib.errors import Refusal


class _WithRef(Struct):
    ref: Ref


_encode = msgspec.json.Encoder().encode
_read_ref = msgspec.json.Decoder(_WithRef).decode


def write(frame: Struct) -> str:
    return _encode(frame).decode()


def ref_of(text: str) -> str | None:
    """Returns the `ref` of a frame that could not be parsed otherwise, or None."""
    try:
        return _read_ref(text).ref
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return None


def refusal(ref: str | None, error: Refusal) -> Error:
    facts = {
        name: clock.stamp(value) if isinstance(value, datetime) else value
        for name, value in error.facts.items()
        if name in Error.__struct_fields__
    }
    return Error(ref=ref, code=error.code, detail=error.detail, **facts)  # type: ignore[arg-type]


def wire_bytes(text: str, size: int | None = None) -> bytes:
    """Returns the bytes of a field. Raises BadFrame when it is not canonical or not `size` bytes long."""
    return encoding.decode(text, size)
