"""A line opened, throttled or closed by hand, its opening hours, and what it tells its callers."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Locale, Moment, Opaque, Texts, Words
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, wall clock")]
type Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]
type Whom = Annotated[str, Meta(max_length=145, pattern=r"^[^\x00]*$")]
type Sentence = Annotated[str, Meta(max_length=160, pattern=r"^[^\x00]*$")]


type FolderName = Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]
type SentenceText = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]
type OwnText = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]


class Line(Request):
    """A supervisor opens, throttles or closes a line, or lets its hours decide."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None


class SpanSet(Struct, forbid_unknown_fields=True):
    """From `opens` until just before `closes`, the next day if that is not later; 00:00 to 00:00: a day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """What applies on one date instead of everything else; no span: closed."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class Hours(Request):
    """A line's opening hours, and what they make of the next four weeks."""

    line: Opaque


class SetHours(Request):
    """New hours: shown as the next four weeks would be, and kept only with `keep`.

    `week`: Monday first. `holidays`: by the names in `feasts`, or `any`.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class SpanShown(Struct):
    """As in `sethours`."""

    opens: str
    closes: str


class DateShown(Struct):
    """As in `sethours`."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """A day of the preview; `why` its hours are not the weekday's: a reason or a feast."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok):
    """Answer of `hours` and `sethours`. `feasts`: the names that `holidays` may have, `any` apart."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]


class NumberSet(Struct, forbid_unknown_fields=True):
    """A service to call (`line`: the line itself), on every screen, or where somebody says: acute."""

    service: Opaque
    says: dict[str, Sentence]
    always: bool
    acute: bool


class WordingSet(Struct, forbid_unknown_fields=True):
    """Whom the line is for, what can be done at once, and whom to call, in order; `danger` heads acute. Texts
    are by language."""

    is_for: dict[str, Whom]
    danger: dict[str, Whom]
    tips: Annotated[list[dict[str, Sentence]], Meta(min_length=1, max_length=12)]
    numbers: Annotated[list[NumberSet], Meta(max_length=20)]


class Wording(Request):
    """What a line tells its callers in words of its own, since when, and by whom."""

    line: Opaque


class SetWording(Request):
    """From `begins` on, or from now on; `wording` null: as the release has it."""

    line: Opaque
    wording: WordingSet | None
    begins: Moment | None


class DropWording(Request):
    """Forgets an edition that has not begun."""

    line: Opaque
    edition: Annotated[int, Meta(ge=0, le=2**53)]


class NumberShown(Struct):
    """As in `setwording`."""

    service: str
    says: Texts
    always: bool
    acute: bool


class WordingShown(Struct):
    """As in `setwording`."""

    is_for: Texts
    danger: Texts
    tips: list[Texts]
    numbers: list[NumberShown]


class EditionShown(Struct):
    """`by`: an alias. `state`: coming, now or past. `wording` null: as the release has it."""

    edition: int
    begins: At
    by: str
    state: str
    wording: WordingShown | None


class WordingOk(Ok):
    """Answer of `wording`, `setwording` and `dropwording`: editions, newest first.

    `standard`: what the release says. `services`: names of those that have a number and are the line's;
    `phones`: their numbers.
    """

    standard: WordingShown
    editions: list[EditionShown]
    services: dict[str, str]
    phones: dict[str, str]


class Sentences(Request):
    """A line's ready sentences, those that ended too."""

    line: Opaque


class AddSentence(Request):
    """One more, for everybody of the line. `says`: by language, and by `nl.formal` where that differs."""

    line: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class ChangeSentence(Request):
    """Ends what it said, and begins what it says; as in `addsentence`."""

    line: Opaque
    sentence: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class EndSentence(Request):
    """Offered no more."""

    line: Opaque
    sentence: Opaque


class OwnSentences(Request):
    """What this person has ready for themself in a language, instead of what they had."""

    language: Locale
    texts: Annotated[list[OwnText], Meta(max_length=40)]


class SentenceShown(Struct):
    """As in `addsentence`. `by`: an alias, or empty where it came with the line. `ended` null: offered."""

    sentence: str
    line: str
    folder: str
    says: Texts
    by: str
    made: At
    ended: At | None


class SentencesOk(Ok):
    """Answer of `sentences`, `addsentence`, `changesentence` and `endsentence`."""

    sentences: list[SentenceShown]


class SentencesOut(Frame):
    """Both as in `hello`, after a change."""

    to: ClassVar = (CONSOLE,)

    sentences: list[SentenceShown]
    own_sentences: dict[str, list[str]]
