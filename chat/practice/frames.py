"""Practising at a console."""

from msgspec import Struct

from chat.protocol.fields import Opaque
from chat.protocol.frames import Ok, Request


class Practising(Request):
    """Asks whether this person practises, and where."""


class Practise(Request):
    """Takes callers of the practice line of one of their lines from now on; null: no more."""

    line: Opaque | None


class TakePractice(Request):
    """Takes the made-up caller who waits."""


class PractisingOn(Struct):
    """The twin that this person practises on, and the line that it is of."""

    line: str
    practice_for: str
    name: str
    formal: bool


class PractiseOk(Ok):
    """Answer of `practising` and `practise`."""

    practising: PractisingOn | None
