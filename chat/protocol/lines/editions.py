"""Frames about the texts that a line shows its callers."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.protocol.fields import At, Moment, Opaque, Texts
from chat.protocol.frames import Ok, Request

type Whom = Annotated[str, Meta(max_length=145, pattern=r"^[^\x00]*$")]

type Sentence = Annotated[str, Meta(max_length=160, pattern=r"^[^\x00]*$")]


class NumberSet(Struct, forbid_unknown_fields=True):
    """Names a service to call; the name `line` means the line itself. With `always`, every screen shows the
    service. With `acute`, the service is shown to callers who say that the situation is acute."""

    service: Opaque
    says: dict[str, Sentence]
    always: bool
    acute: bool


class QuestionSet(Struct, forbid_unknown_fields=True):
    """Holds a yes-or-no question of the situation check. After a yes, the page shows the tips at the
    positions `tips`, counted from 0. With `danger`, it also shows the acute numbers."""

    asks: dict[str, Sentence]
    tips: Annotated[list[Annotated[int, Meta(ge=0, le=11)]], Meta(max_length=12)]
    danger: bool


class WordingSet(Struct, forbid_unknown_fields=True):
    """Holds a line's own texts by language: whom the line is for (`is_for`), `tips` on what to do at once,
    `questions` whose answers select tips, and the services to call (`numbers`), in order. `danger` is the
    sentence above the acute numbers."""

    is_for: dict[str, Whom]
    danger: dict[str, Whom]
    tips: Annotated[list[dict[str, Sentence]], Meta(min_length=1, max_length=12)]
    questions: Annotated[list[QuestionSet], Meta(max_length=4)]
    numbers: Annotated[list[NumberSet], Meta(max_length=20)]


class Wording(Request):
    """Asks for all editions of the texts that a line shows its callers, with the author of each edition and
    the time from which it is valid."""

    line: Opaque


class SetWording(Request):
    """Changes the line's texts at `begins`, or immediately if `begins` is null. If `wording` is null, the
    line uses the texts of the release. `newest` is the highest `edition` that the form knew, or 0: the
    request is refused with `conflict` if there is a newer one."""

    line: Opaque
    wording: WordingSet | None
    begins: Moment | None
    newest: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class DropWording(Request):
    """Deletes an edition of the line's texts before it becomes valid."""

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
    """Represents an edition of a line's texts. `by` is the alias of its author. `state` is `coming` (not
    valid yet), `now` or `past`. If `wording` is null, the texts are those of the release."""

    edition: int
    begins: At
    by: str
    state: str
    wording: WordingShown | None


class WordingOk(Ok):
    """Answers `wording`, `setwording` and `dropwording`, with the newest edition first.

    `standard` has the texts of the release. `services` has the name of each service that the line can show,
    and `phones` has its telephone number.
    """

    standard: WordingShown
    editions: list[EditionShown]
    services: dict[str, str]
    phones: dict[str, str]
