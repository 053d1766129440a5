"""Encodes frames as text, decodes fields that contain bytes, and finds the `ref` of a frame that cannot be
parsed. Each consumer parses requests with its own decoder (chat/requests/declared.py)."""

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
    """Returns the `ref` of a frame that could not be parsed as a request, or None if it has none."""
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
    """Decodes a field that contains bytes. Raises BadFrame if the text is not canonical base64url, or if the
    result is not `size` bytes long."""
    return encoding.decode(text, size)
