"""The wrap-up form, whose answers feed the counters, and a line's own codes in it."""

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
    """Asks for a line's own codes, including those that ended."""

    line: Opaque


class AddCode(Request):
    """Adds one more answer to a question of the form. Its code is made of its words in the default
    language."""

    line: Opaque
    question: Literal["subject", "detail"]
    says: dict[str, CodeName]


class EndCode(Request):
    """Ends a code: figures keep it, and its name is never used again."""

    line: Opaque
    code: Opaque


class CountContact(Request):
    """Counts a telephone call or a mail to the line by hand, or with `undo` takes the last count back."""

    line: Opaque
    how: Literal["telephone", "mail"]
    undo: bool


class OwnCodeShown(Struct):
    """A code of a line's own. `ended` is null while the form offers it."""

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
    """Tells that the form has gained or lost a code. Both fields are as in the answer of `hello`."""

    to: ClassVar = (CONSOLE,)

    codes: dict[str, list[str]]
    own_codes: list[OwnCodeShown]


class FeedbackOut(Frame):
    """Tells that the conversation has ended and its caller may say how it was. The `ticket` allows one answer
    to each question."""

    to: ClassVar = (CALLER,)

    ticket: str
