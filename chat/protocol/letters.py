"""Letters: talking after all, taking, giving back, and the shelf."""

from typing import Annotated, ClassVar

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
