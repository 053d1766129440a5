"""Defines frames about ready sentences: those of a line, and those of one person."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Locale, Opaque, Texts
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type FolderName = Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]

type SentenceText = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]

type OwnText = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]


class Sentences(Request):
    """Asks for a line's ready sentences, including those that have ended."""

    line: Opaque


class AddSentence(Request):
    """Adds a ready sentence for everybody who works for the line. `says` has a text for each language, and
    another text for `nl.formal` if the formal Dutch text differs."""

    line: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class ChangeSentence(Request):
    """Replaces a ready sentence. The old text is no longer offered, but stays in the history. The fields are
    those of `addsentence`."""

    line: Opaque
    sentence: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class EndSentence(Request):
    """Ends a ready sentence, so that it is no longer offered."""

    line: Opaque
    sentence: Opaque


class OwnSentences(Request):
    """Replaces this person's own ready sentences in one language. They are offered to this person only."""

    language: Locale
    texts: Annotated[list[OwnText], Meta(max_length=40)]


class SentenceShown(Struct):
    """Represents a ready sentence, with the fields of `addsentence`. `by` is the alias of its author, or
    empty; `ended` is null while it is offered."""

    sentence: str
    line: str
    folder: str
    says: Texts
    by: str
    made: At
    ended: At | None


class SentencesOk(Ok):
    """Answers `sentences`, `addsentence`, `changesentence` and `endsentence`."""

    sentences: list[SentenceShown]


class SentencesOut(Frame):
    """Sends the ready sentences after a change. Both fields have the same meaning as in the answer to
    `prove`."""

    to: ClassVar = (CONSOLE,)

    sentences: list[SentenceShown]
    own_sentences: dict[str, list[str]]
