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


class PracticeLines(Request):
    """Asks for the practice lines beside this person's own lines, with their made-up callers."""


class Trainer(Struct):
    """A supervisor of the real line, who may be asked to look on."""

    id: str
    alias: str


class PractisingOn(Struct):
    """The practice line on which this person practises, and the real line to which it belongs.
    `generation`: the number of the next key for practice letters. `letters`: own ones that wait to be
    answered. `trainers`: who may be asked to look on."""

    line: str
    practice_for: str
    name: str
    formal: bool
    generation: int
    letters: int
    trainers: list[Trainer]


class PractiseOk(Ok):
    """Answer of `practising` and `practise`."""

    practising: PractisingOn | None


class PracticePoint(Struct):
    """A point of a checklist. `sees`: what the console sees by itself, "" where a person ticks it."""

    sees: str
    says: dict[str, str]


class PracticeCaller(Struct):
    """A made-up caller, and the checklist of a good conversation with them."""

    code: str
    title: dict[str, str]
    points: list[PracticePoint]


class PracticeLine(Struct):
    """A practice line, the real line to which it belongs, and who calls there."""

    line: str
    practice_for: str
    name: str
    callers: list[PracticeCaller]


class PracticeLinesOk(Ok):
    """Answer of `practicelines`."""

    lines: list[PracticeLine]
