"""Frames about the wrap-up form, whose answers are counted in the figures, and about a line's own codes in
it."""

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
    """Asks for a line's own codes, including those that have ended."""

    line: Opaque


class AddCode(Request):
    """Adds an answer to a question of the form: `subject`, `detail`, or one of the line's own. With an empty
    `question` it adds a question. The server derives the code from the text in the default language."""

    line: Opaque
    question: Annotated[str, Meta(max_length=16, pattern=r"^[^\x00]*$")]
    says: dict[str, CodeName]


class EndCode(Request):
    """Ends a code: the form no longer offers it, the figures keep it, and no other code can ever have its
    name."""

    line: Opaque
    code: Opaque


class BackCode(Request):
    """Offers an ended code again, or a question with the codes that ended together with it."""

    line: Opaque
    code: Opaque


class CountContact(Request):
    """Counts a telephone call or a mail to the line by hand. With `undo`, it removes the last such count."""

    line: Opaque
    how: Literal["telephone", "mail"]
    undo: bool


class OwnCodeShown(Struct):
    """Represents a line's own code. If `question` is empty, this is itself a question; the codes that answer
    it have its `code` in their `question`. `ended` is null while the form offers it."""

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
    """Sends the form's codes after one was added or ended. Both fields are as in the answer to `hello`."""

    to: ClassVar = (CONSOLE,)

    codes: dict[str, list[str]]
    own_codes: list[OwnCodeShown]


class FeedbackOut(Frame):
    """Reports that the conversation has ended and that its caller may give feedback. The `ticket` allows one
    answer to each question."""

    to: ClassVar = (CALLER,)

    ticket: str
