"""Frames about letters: asking for a chat as well, taking a letter, giving it back, and how many letters
wait."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

# The state of a letter; null for a chat. Callers read `new` even if a counsellor has taken the letter.
type Written = Annotated[str, Meta(description="draft, new, taken or answered")]


class Chat(Request):
    """Asks for a chat: a caller who wrote a letter then also waits in the queue. `work` is as in `start`."""

    work: Annotated[str, Meta(max_length=4096)] = ""


class Take(Request):
    """Asks for the next letter of a line. If `conversation` is set, asks for that letter instead, which must
    have been answered already."""

    line: Opaque
    conversation: Id16 | None = None


class GiveBack(Request):
    """Gives a letter back, so that other counsellors can take it."""

    conversation: Id16


class LetterSettings(Request):
    """Asks for a line's settings for letters: whether the line takes letters, what it promises to callers,
    and which conditions for taking letters it does not meet yet."""

    line: Opaque


class SetLetters(Request):
    """Sets whether a line takes letters, and what is promised to callers: a letter stays open for `days` days
    and is answered within `hours` hours. `people` has seven aliases, Monday first: the person who looks after
    the letters on that weekday, or empty."""

    line: Opaque
    letters: Literal["never", "closed", "always"]
    days: Annotated[int, Meta(ge=3, le=30)]
    hours: Annotated[int, Meta(ge=4, le=72)]
    people: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(min_length=7, max_length=7)]


class AckLetters(Request):
    """Records that a supervisor has seen how many of the line's letters ended without an answer, and stops
    the daily alarm about these letters."""

    line: Opaque


class LetterSettingsOk(Ok):
    """Answers `lettersettings` and `setletters`. `lacking` has a code for each condition for taking letters
    that the line does not meet yet. `waits` is true if the new settings accept letters in more cases and a
    second supervisor has to confirm them. `staff` has the aliases from which `people` can be chosen."""

    letters: str
    days: int
    hours: int
    people: list[str]
    staff: list[str]
    lacking: list[str]
    waits: bool


class LettersSeat(Struct):
    """Represents the letters seat of a new letter, with its key. `due` is the time by which the line answers
    a letter that is sent now."""

    member: str
    key: Bytes
    cert: Cert | None
    due: At


class LetterShare(Struct):
    """Holds a line's private letters key, sealed for this device, with its `public` key."""

    generation: int
    public: Bytes
    sealed: Bytes


class TakeOk(Ok):
    """Answers `take` with the letters seat, with which this person now writes. `due` is null if the letter
    has been answered."""

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
    """Counts a line's letters that are not answered yet. `acute` counts the acute letters among `new`.
    `overdue` includes letters that somebody has taken. `due` is the earliest time by which a letter has to be
    answered."""

    line: str
    new: int
    acute: int
    taken: int
    overdue: int
    due: At | None


class LettersOut(Frame):
    """Sends a line's staff the counts of its letters, as in `ShelfState`."""

    to: ClassVar = (CONSOLE,)
    line: str
    new: int
    acute: int
    taken: int
    overdue: int
    due: At | None
