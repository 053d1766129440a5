"""Frames with which staff practise at a console."""

from msgspec import Struct

from chat.protocol.fields import Bytes, Opaque
from chat.protocol.frames import Ok, Request
from chat.protocol.retention import Generation


class Practising(Request):
    """Asks whether this person practises, and where."""


class Practise(Request):
    """Starts practice on the practice line of one of the person's lines; null ends it."""

    line: Opaque | None


class PractiseKey(Request):
    """Gives the key of the practice letters that this person plays: its public point, and the private half
    sealed for the device that made it. `generation` as `practise` told."""

    generation: Generation
    public: Bytes
    sealed: Bytes


class TakePractice(Request):
    """Takes the made-up caller who waits."""


class PractisingOn(Struct):
    """The practice line on which this person practises, and the real line to which it belongs.
    `generation`: the number of the next key for practice letters."""

    line: str
    practice_for: str
    name: str
    formal: bool
    generation: int


class PractiseOk(Ok):
    """Answer of `practising` and `practise`."""

    practising: PractisingOn | None
