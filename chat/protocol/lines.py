"""Frames about a line: opening, throttling and closing it by hand, its settings, its opening hours, its own
texts, and ready sentences."""

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
    """Opens or closes a line by hand, throttles it, or lets its hours decide. `most` is how many callers may
    wait; null means the general limit. `until` is when a line that is opened follows its hours again, at most
    a day later; without it, this is when its hours close it, or a day later."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None
    until: Moment | None = None


class LineSet(Struct, forbid_unknown_fields=True):
    """Holds a line as the form sends it. A change of `phone`, `on_call_phone`, `path`, `hosts`, `template`,
    `services` or `alert_url` waits for a second supervisor; all other changes are stored at once.

    `boost_soon` and `boost_acute` are by how many minutes their urgency puts callers ahead in the queue.
    `goal_at_once` and `goal_soon` are the percentages of callers who should be answered within one and within
    five minutes; null means the usual ones. `hosts` are the line's own host names, with spaces between.
    `services` are those that its callers are shown; if there are none, those of its template are shown.
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
    """Changes a line. `version` is the one that the form was filled in from; refused with `conflict` if there
    is a newer one."""

    line: Opaque
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    settings: LineSet


class AddLine(Request):
    """Asks a second supervisor for a new line. `path`: the last part of its page's address, and its name on
    this wire; `template`: whose words it begins with. Whoever asks and whoever says yes supervise it."""

    template: Opaque
    name: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]
    path: Annotated[str, Meta(max_length=32, pattern=r"^[^\x00]*$")]
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]


class AddLineOk(Ok):
    """Answer of `addline`. `waits`: a second supervisor has to confirm it."""

    waits: bool


class EndLine(Request):
    """Asks a second supervisor to end a line, or to bring it back. A `conflict` with `field` while somebody
    waits or talks there, or a letter is open."""

    line: Opaque
    ended: bool


class EndLineOk(Ok):
    """Answer of `endline`. `waits`: a second supervisor has to confirm it."""

    waits: bool


class LineSettingsOk(Ok):
    """Answers `linesettings` and `setline`, with the fields of the latter.

    `templates` are the names of all templates, and `offered` the names of all services. `waits` has the
    fields that a second supervisor has to confirm, with the new value (`end` or `back` of `ended`); `asked`
    are those of them that this request changed. `ended` says since when the line has ended, or is null.
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
    ended: At | None
    templates: list[str]
    offered: dict[str, str]
    waits: dict[str, str]
    asked: list[str]


class SpanSet(Struct, forbid_unknown_fields=True):
    """Describes a span from `opens` until just before `closes`, which is on the next day if it is not later.
    00:00 to 00:00 is a whole day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """Holds the hours of one date, which replace all others. If there is no span, the line is closed that
    day."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class Hours(Request):
    """Asks for a line's opening hours, and for its hours on each day of the next four weeks."""

    line: Opaque


class SetHours(Request):
    """Previews new hours: the answer shows the next four weeks under them. They are saved only with `keep`.

    `week` has seven days, Monday first. `holidays` is by the names in `feasts`, or `any` for every holiday.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class SpanShown(Struct):
    """Represents a span, as `sethours` sends it."""

    opens: str
    closes: str


class DateShown(Struct):
    """Represents the hours of one date, as `sethours` sends them."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """Represents a day of the preview. `why` is the reason or holiday for which its hours differ from those
    of the weekday, or empty."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok):
    """Answers `hours` and `sethours`. `feasts` are the names that `holidays` may have besides `any`."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]


class NumberSet(Struct, forbid_unknown_fields=True):
    """Names a service to call; `line` stands for the line itself. With `always` it is on every screen, with
    `acute` it is shown to a caller who says that it is acute."""

    service: Opaque
    says: dict[str, Sentence]
    always: bool
    acute: bool


class QuestionSet(Struct, forbid_unknown_fields=True):
    """Holds a question of the situation check, to be answered with yes or no. `tips` are the positions,
    counted from 0, of the tips to show after a yes. With `danger`, a yes also shows the acute numbers."""

    asks: dict[str, Sentence]
    tips: Annotated[list[Annotated[int, Meta(ge=0, le=11)]], Meta(max_length=12)]
    danger: bool


class WordingSet(Struct, forbid_unknown_fields=True):
    """Holds a line's own texts, by language: whom it is for, `tips` on what can be done at once, `questions`
    that choose among the tips, and whom to call, in order. `danger` is the sentence above the acute
    numbers."""

    is_for: dict[str, Whom]
    danger: dict[str, Whom]
    tips: Annotated[list[dict[str, Sentence]], Meta(min_length=1, max_length=12)]
    questions: Annotated[list[QuestionSet], Meta(max_length=4)]
    numbers: Annotated[list[NumberSet], Meta(max_length=20)]


class Wording(Request):
    """Asks for the texts that a line shows its callers, from when each edition is valid, and who wrote it."""

    line: Opaque


class SetWording(Request):
    """Changes the line's texts from `begins` on, or at once if that is null. If `wording` is null, the texts
    of the release are used."""

    line: Opaque
    wording: WordingSet | None
    begins: Moment | None


class DropWording(Request):
    """Deletes an edition of the line's texts that is not valid yet."""

    line: Opaque
    edition: Annotated[int, Meta(ge=0, le=2**53)]


class NumberShown(Struct):
    """Represents a service to call, as `setwording` sends it."""

    service: str
    says: Texts
    always: bool
    acute: bool


class QuestionShown(Struct):
    """Represents a question of the situation check, as `setwording` sends it."""

    asks: Texts
    tips: list[int]
    danger: bool


class WordingShown(Struct):
    """Represents a line's texts, as `setwording` sends them."""

    is_for: Texts
    danger: Texts
    tips: list[Texts]
    questions: list[QuestionShown]
    numbers: list[NumberShown]


class EditionShown(Struct):
    """Represents an edition of a line's texts. `by` is the alias of its author; `state` is `coming`, `now` or
    `past`. If `wording` is null, the texts are those of the release."""

    edition: int
    begins: At
    by: str
    state: str
    wording: WordingShown | None


class WordingOk(Ok):
    """Answers `wording`, `setwording` and `dropwording`, with the newest edition first.

    `standard` are the texts of the release. `services` are the names of the services that the line may show
    and that have a telephone number; `phones` are those numbers.
    """

    standard: WordingShown
    editions: list[EditionShown]
    services: dict[str, str]
    phones: dict[str, str]


class Sentences(Request):
    """Asks for a line's ready sentences, including those that have ended."""

    line: Opaque


class AddSentence(Request):
    """Adds a ready sentence for everybody who works for the line. `says` is by language, and by `nl.formal`
    if the formal Dutch text differs."""

    line: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class ChangeSentence(Request):
    """Replaces a ready sentence. The old text ends, and stays in the history. The fields are those of
    `addsentence`."""

    line: Opaque
    sentence: Opaque
    folder: FolderName
    says: dict[str, SentenceText]


class EndSentence(Request):
    """Ends a ready sentence, so that it is no longer offered."""

    line: Opaque
    sentence: Opaque


class OwnSentences(Request):
    """Replaces this person's own ready sentences in one language, which only they are offered."""

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
    """Sends the ready sentences after a change. Both fields are as in the answer to `prove`."""

    to: ClassVar = (CONSOLE,)

    sentences: list[SentenceShown]
    own_sentences: dict[str, list[str]]
