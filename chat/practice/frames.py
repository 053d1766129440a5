"""Frames with which staff practise at a console."""

from msgspec import Struct

from chat.protocol.fields import Opaque
from chat.protocol.frames import Ok, Request


class Practising(Request):
    """Asks whether this person practises, and where."""


class Practise(Request):
    """Starts practice on the practice line of one of the person's lines; null ends it."""

    line: Opaque | None


class TakePractice(Request):
    """Takes the made-up caller who waits."""


class PractisingOn(Struct):
    """The practice line on which this person practises, and the real line to which it belongs."""

    line: str
    practice_for: str
    name: str
    formal: bool


class PractiseOk(Ok):
    """Answer of `practising` and `practise`."""

    practising: PractisingOn | None
