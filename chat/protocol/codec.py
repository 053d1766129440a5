"""Text to frame and back. Each consumer knows which requests it takes."""

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
    """The `ref` of a frame that is otherwise not understood."""
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
    """The bytes of a field; BadFrame when it is not canonical or not of that size."""
    return encoding.decode(text, size)
