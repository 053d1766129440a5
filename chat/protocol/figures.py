"""Frames about the wrap-up form, whose answers are counted in the figures, and about the codes that a line
added to the form."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Id16, Opaque, Texts
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request

type CodeName = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]


class WrapUp(Request):
    """Sends the coded answers of the wrap-up form."""

    conversation: Id16
    codes: dict[str, str]


class OwnCodes(Request):
    """Asks for the codes that a line added to the wrap-up form, including those that have ended."""

    line: Opaque


class AddCode(Request):
    """Adds a possible answer to a question of the wrap-up form: to `subject`, `detail`, or a question that
    the line added. If `question` is empty, this request adds a question instead. The server derives the code
    from the text in the default language."""

    line: Opaque
    question: Annotated[str, Meta(max_length=16, pattern=r"^[^\x00]*$")]
    says: dict[str, CodeName]


class EndCode(Request):
    """Ends a code: the form no longer offers the code, the figures keep it, and its name can never be used
    for another code."""

    line: Opaque
    code: Opaque


class BackCode(Request):
    """Lets the form offer an ended code again. If the code is a question, the form also offers again the
    codes that ended together with the question."""

    line: Opaque
    code: Opaque


class CountContact(Request):
    """Counts a telephone call or a mail to the line by hand. With `undo`, subtracts one from the count
    instead, to correct a mistaken tap."""

    line: Opaque
    how: Literal["telephone", "mail"]
    undo: bool


class OwnCodeShown(Struct):
    """Represents a code that a line added. If `question` is empty, the code is itself a question, and its
    answers have this `code` as their `question`. `ended` is null while the form offers the code."""

    line: str
    question: str
    code: str
    says: Texts
    made: At
    ended: At | None


class OwnCodesOk(Ok):
    """Answers `owncodes`, `addcode`, `endcode` and `backcode`."""

    codes: list[OwnCodeShown]


class CodesOut(Frame):
    """Sends the codes of the wrap-up form after a code was added, ended or offered again. Both fields are as
    in the answer to `hello`."""

    to: ClassVar = (CONSOLE,)

    codes: dict[str, list[str]]
    own_codes: list[OwnCodeShown]


class FeedbackOut(Frame):
    """Reports that the conversation has ended and that its caller may give feedback. The `ticket` allows one
    answer to each question."""

    to: ClassVar = (CALLER,)

    ticket: str
