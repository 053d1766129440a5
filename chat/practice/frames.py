"""Declares the frames with which staff practise at a console."""

from msgspec import Struct

from chat.protocol.fields import Bytes, Opaque
from chat.protocol.frames import Ok, Request
from chat.protocol.retention import Generation


class Practising(Request):
    """Asks whether this person is practising, and on which line."""


class Practise(Request):
    """Starts practice on the practice line of one of the person's lines. If `line` is null, ends practice."""

    line: Opaque | None


class PractiseKey(Request):
    """Stores the key for the practice letters that this person writes: the public key, and the private key,
    sealed for the device that made both. `generation` is the number from the response to `practise`."""

    generation: Generation
    public: Bytes
    sealed: Bytes


class TakePractice(Request):
    """Takes the made-up caller who is waiting."""


class PracticeLines(Request):
    """Asks for the practice lines of this person's own lines, with their made-up callers."""


class Trainer(Struct):
    """Describes a supervisor of the real line, who can be asked to watch the practice."""

    id: str
    alias: str


class PractisingOn(Struct):
    """Describes the practice line on which this person practises, and the real line to which it belongs.
    `generation` is the number of the next key for practice letters, `letters` is how many of this person's
    practice letters wait for an answer, and `trainers` are the people who can be asked to watch."""

    line: str
    practice_for: str
    name: str
    formal: bool
    generation: int
    letters: int
    trainers: list[Trainer]


class PractiseOk(Ok):
    """Answers `practising` and `practise`."""

    practising: PractisingOn | None


class PracticePoint(Struct):
    """Describes a point of a checklist. `sees` is the event at which the console ticks the point
    automatically, or "" if a person has to tick it."""

    sees: str
    says: dict[str, str]


class PracticeCaller(Struct):
    """Describes a made-up caller, with the checklist of a good conversation."""

    code: str
    title: dict[str, str]
    points: list[PracticePoint]


class PracticeLine(Struct):
    """Describes a practice line, the real line to which it belongs, and its made-up callers."""

    line: str
    practice_for: str
    name: str
    callers: list[PracticeCaller]


class PracticeLinesOk(Ok):
    """Answers `practicelines`."""

    lines: list[PracticeLine]
