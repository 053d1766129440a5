"""Letters: talking after all, taking, giving back, and the shelf."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

# Null for a chat. Callers read `new` for a letter that is taken.
type Written = Annotated[str, Meta(description="draft, new, taken or answered")]


class Chat(Request):
    """Asks to talk: the letter waits in the queue as well. `work`: as of `start`."""

    work: Annotated[str, Meta(max_length=4096)] = ""


class Take(Request):
    """Asks for the next letter of a line; with `conversation` for that answered one."""

    line: Opaque
    conversation: Id16 | None = None


class GiveBack(Request):
    """Gives a letter back: it is offered to others."""

    conversation: Id16


class LetterSettings(Request):
    """Asks whether a line takes letters, what it promises, and what it lacks."""

    line: Opaque


class SetLetters(Request):
    """Sets whether a line takes letters, and what it promises: for how many `days` a letter lives, within how
    many `hours` it is answered, and the alias of who looks after letters on each weekday, Monday first."""

    line: Opaque
    letters: Literal["never", "closed", "always"]
    days: Annotated[int, Meta(ge=3, le=30)]
    hours: Annotated[int, Meta(ge=4, le=72)]
    people: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(min_length=7, max_length=7)]


class AckLetters(Request):
    """Says that a supervisor knows of the line's letters that ended unanswered: the daily alarm ends."""

    line: Opaque


class LetterSettingsOk(Ok):
    """Answer of `lettersettings` and `setletters`. `lacking`: codes of what the line lacks before it can take
    letters. `waits`: that it takes more letters waits for a second supervisor. `staff`: the aliases to choose
    `people` from."""

    letters: str
    days: int
    hours: int
    people: list[str]
    staff: list[str]
    lacking: list[str]
    waits: bool


class LettersSeat(Struct):
    """The letters seat of a new letter, and its key. `due`: by when the letter is answered if it is sent
    now."""

    member: str
    key: Bytes
    cert: Cert | None
    due: At


class LetterShare(Struct):
    """A letters key, sealed for this device. `public`: its point."""

    generation: int
    public: Bytes
    sealed: Bytes


class TakeOk(Ok):
    """Answer of `take`: the letters seat, which this person speaks for. `due` is null once it was
    answered."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int
    initial: str
    written: Written | None
    due: At | None
    share: LetterShare | None


class ShelfState(Struct):
    """A line's letters that are to be answered. `acute`: of those `new`; `overdue` counts taken ones, too;
    `due`: the smallest promise."""

    line: str
    new: int
    acute: int
    taken: int
    overdue: int
    due: At | None


class LettersOut(Frame):
    """Tells a line's staff the sums of its letters, as `ShelfState`."""

    to: ClassVar = (CONSOLE,)
    line: str
    new: int
    acute: int
    taken: int
    overdue: int
    due: At | None
