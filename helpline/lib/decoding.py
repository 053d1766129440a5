"""Decodes data into types, also if several threads decode the same type for the first time.

msgspec completes its description of a type when the type is first used. A second thread that uses the type
in the meantime ends the process with a segmentation fault (msgspec 0.22). The functions of this module are
called when a module is imported, which happens in one thread, and have the type described there.
"""

from collections.abc import Callable
from functools import partial

import msgspec


def from_json[T](kind: type[T]) -> Callable[[bytes], T]:
    """Returns a function that decodes JSON. That function raises MsgspecError if the data does not match."""
    return msgspec.json.Decoder(kind).decode


def from_values[T](kind: type[T], *, from_attributes: bool = False) -> Callable[[object], T]:
    """Returns a function that converts dicts and lists, or with `from_attributes` objects, into the type.
    That function raises MsgspecError if the values do not match."""
    msgspec.json.Decoder(kind)
    return partial(msgspec.convert, type=kind, from_attributes=from_attributes)
