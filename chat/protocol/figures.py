"""The wrap-up form, which feeds the counters, and a line's own codes in it."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Id16, Opaque, Texts
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request

type CodeName = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]


class WrapUp(Request):
    """The coded answers of the wrap-up form."""

    conversation: Id16
    codes: dict[str, str]


class OwnCodes(Request):
    """A line's own codes, those that ended too."""

    line: Opaque


class AddCode(Request):
    """One more answer to a question of the form; its code is made of the words in the default language."""

    line: Opaque
    question: Literal["subject", "detail"]
    says: dict[str, CodeName]


class EndCode(Request):
    """Ends a code. Figures keep it, and it is never used again."""

    line: Opaque
    code: Opaque


class CountContact(Request):
    """Counts a call or mail to the line by hand, or takes the last tap back."""

    line: Opaque
    how: Literal["telephone", "mail"]
    undo: bool


class OwnCodeShown(Struct):
    """A line's own code; `ended` null while it is offered."""

    line: str
    question: str
    code: str
    says: Texts
    made: At
    ended: At | None


class OwnCodesOk(Ok):
    """Answer of `owncodes`, `addcode` and `endcode`."""

    codes: list[OwnCodeShown]


class CodesOut(Frame):
    """The form has one more code, or one less: both as in `hello`."""

    to: ClassVar = (CONSOLE,)

    codes: dict[str, list[str]]
    own_codes: list[OwnCodeShown]


class FeedbackOut(Frame):
    """The conversation has ended, and its caller may say how it was: each question once, with this ticket."""

    to: ClassVar = (CALLER,)

    ticket: str
