"""A line that is opened, throttled or closed by hand, its opening hours, and what it tells its callers."""

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
    """Opens, throttles or closes a line by hand, or lets its hours decide. `most`: how many may wait; null:
    the general limit."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None


class LineSet(Struct, forbid_unknown_fields=True):
    """A line as a form. `phone`, `on_call_phone`, `path`, `hosts`, `template`, `services` and `alert_url`
    wait for a second supervisor where they change; the rest is stored at once.

    `boost_soon`, `boost_acute`: by how many minutes urgency puts a caller ahead. `goal_at_once`, `goal_soon`:
    per cent of the callers to be helped within one and within five minutes; null: the usual. `hosts`: of its
    own, with spaces between. `services`: those that its callers are shown; none: those of its template.
    """

    name: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]
    formal: bool
    boost_soon: Annotated[int, Meta(ge=0, le=24 * 60)]
    boost_acute: Annotated[int, Meta(ge=0, le=24 * 60)]
    goal_at_once: Annotated[int, Meta(ge=1, le=99)] | None
    goal_soon: Annotated[int, Meta(ge=1, le=99)] | None
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
    on_call_phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
    path: Annotated[str, Meta(max_length=32, pattern=r"^[^\x00]*$")]
    hosts: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
    template: Opaque
    services: Annotated[list[Opaque], Meta(max_length=200)]
    alert_url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class LineSettings(Request):
    """Asks for a line's settings."""

    line: Opaque


class SetLine(Request):
    """Changes a line. `version`: the one that was read; a `conflict` where it is another by now."""

    line: Opaque
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    settings: LineSet


class LineSettingsOk(Ok):
    """Answer of `linesettings` and `setline`, with the fields of the latter.

    `templates`: the names of those that there are; `offered`: the names of all services. `waits`: the fields
    that a second supervisor has to say yes to, with the new value; `asked`: those of them that this request
    asked for.
    """

    version: int
    name: str
    formal: bool
    boost_soon: int
    boost_acute: int
    goal_at_once: int | None
    goal_soon: int | None
    phone: str
    on_call_phone: str
    path: str
    hosts: str
    template: str
    services: list[str]
    alert_url: str
    templates: list[str]
    offered: dict[str, str]
    waits: dict[str, str]
    asked: list[str]


class SpanSet(Struct, forbid_unknown_fields=True):
    """A span from `opens` until just before `closes`, on the next day if that is not later. 00:00 to 00:00 is
    a whole day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """The hours of one date, which replace all others. Without a span the line is closed."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class Hours(Request):
    """Asks for a line's opening hours, and how they turn out in the next four weeks."""

    line: Opaque


class SetHours(Request):
    """Tries new hours: the answer shows the next four weeks under them, and only with `keep` are they saved.

    `week`: seven days, Monday first. `holidays`: by the names in `feasts`, or `any`.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class SpanShown(Struct):
    """A span, as `sethours` sends it."""

    opens: str
    closes: str


class DateShown(Struct):
    """The hours of one date, as `sethours` sends them."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """A day of the preview. `why`: the reason or holiday for which its hours differ from the weekday's, or
    empty."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok):
    """Answer of `hours` and `sethours`. `feasts`: the names that `holidays` may have besides `any`."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]


class NumberSet(Struct, forbid_unknown_fields=True):
    """A service to call (`line` is the line itself). `always`: on every screen; `acute`: where a caller says
    that it is acute."""

    service: Opaque
    says: dict[str, Sentence]
    always: bool
    acute: bool


class QuestionSet(Struct, forbid_unknown_fields=True):
    """A question of the situation check, answered with yes or no. `tips`: the places, from 0, of the tips
    that fit a yes; `danger`: a yes shows the acute numbers."""

    asks: dict[str, Sentence]
    tips: Annotated[list[Annotated[int, Meta(ge=0, le=11)]], Meta(max_length=12)]
    danger: bool


class WordingSet(Struct, forbid_unknown_fields=True):
    """A line's own texts, by language: whom it is for, `tips` for what can be done at once, `questions` that
    choose among these, and whom to call, in order. `danger` is the sentence above the acute numbers."""

    is_for: dict[str, Whom]
    danger: dict[str, Whom]
    tips: Annotated[list[dict[str, Sentence]], Meta(min_length=1, max_length=12)]
    questions: Annotated[list[QuestionSet], Meta(max_length=4)]
    numbers: Annotated[list[NumberSet], Meta(max_length=20)]


class Wording(Request):
    """Asks what a line tells its callers in its own words, since when, and who wrote it."""

    line: Opaque


class SetWording(Request):
    """Changes the line's texts from `begins` on, or at once where that is null. `wording` null: those of the
    release."""

    line: Opaque
    wording: WordingSet | None
    begins: Moment | None


class DropWording(Request):
    """Drops an edition of the line's texts that has not begun."""

    line: Opaque
    edition: Annotated[int, Meta(ge=0, le=2**53)]


class NumberShown(Struct):
    """A service to call, as `setwording` sends it."""

    service: str
    says: Texts
    always: bool
    acute: bool


class QuestionShown(Struct):
    """A question of the situation check, as `setwording` sends it."""

    asks: Texts
    tips: list[int]
    danger: bool


class WordingShown(Struct):
    """A line's texts, as `setwording` sends them."""

    is_for: Texts
    danger: Texts
    tips: list[Texts]
    questions: list[QuestionShown]
    numbers: list[NumberShown]


class EditionShown(Struct):
    """An edition of a line's texts. `by`: an alias; `state`: `coming`, `now` or `past`; `wording` null: the
    texts of the release."""

    edition: int
    begins: At
    by: str
    state: str
    wording: WordingShown | None


class WordingOk(Ok):
    """Answer of `wording`, `setwording` and `dropwording`, with the newest edition first.

    `standard`: the texts of the release. `services`: the names of the services that have a number and that
    the line may show; `phones`: their numbers.
    """

    standard: WordingShown
    editions: list[EditionShown]
    services: dict[str, str]
    phones: dict[str, str]


class Sentences(Request):
    """Asks for a line's ready sentences, including those that ended."""

    line: Opaque


class AddSentence(Request):
    """Adds a ready sentence for everybody of the line. `says`: by language, and by `nl.formal` where that
    differs."""

    line: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class ChangeSentence(Request):
    """Replaces a ready sentence: the old text ends and stays in the history. The fields are those of
    `addsentence`."""

    line: Opaque
    sentence: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class EndSentence(Request):
    """Ends a ready sentence: it is no longer offered."""

    line: Opaque
    sentence: Opaque


class OwnSentences(Request):
    """Replaces the ready sentences that this person keeps for themselves in one language."""

    language: Locale
    texts: Annotated[list[OwnText], Meta(max_length=40)]


class SentenceShown(Struct):
    """A ready sentence, with the fields of `addsentence`. `by`: the alias of its author, or empty; `ended`:
    null while it is offered."""

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
    """Tells the ready sentences after a change. Both fields are as in the answer of `prove`."""

    to: ClassVar = (CONSOLE,)

    sentences: list[SentenceShown]
    own_sentences: dict[str, list[str]]
