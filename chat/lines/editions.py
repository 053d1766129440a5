"""Stores editions of a line's own texts for its callers. A supervisor can change these texts.

An edition says whom the line is for, what a caller can do at once, and whom to call. Each edition is
complete, applies from a given time on, and is kept as history.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from chat import line_scope
from chat.lines import sentences, staff, templates
from chat.models import Edition, Line, Service
from counsellors import audit
from counsellors.models import Person
from helpline import languages
from helpline.languages import Texts
from helpline.lib import decoding
from helpline.lib.errors import BadFrame, Conflict, NotFound

OWN = "line"  # stands for the line itself in lists of services that have a number
EMERGENCY = "112"
MAX_AHEAD = timedelta(days=366)
MAX_SHOWN = 50  # editions shown as history
MAX_COMING = 10


class NothingSaid(BadFrame):
    """One of the sentences is empty. Write it in each language."""


class WithoutEmergency(BadFrame):
    """112 has to stay on every screen, and among the numbers for callers who say that it is acute."""


class NoSuchNumber(BadFrame):
    """One of these services has no telephone number, does not belong to this line, or is listed twice."""


class NoSuchTip(BadFrame):
    """A question points to a tip that is not in the list."""


class TooFarAhead(BadFrame):
    """That is more than a year ahead."""


class ChangedMeanwhile(Conflict):
    """A colleague has changed these texts meanwhile. Look at theirs, and save again."""


class TooManyComing(Conflict):
    """Ten editions are waiting to begin already. Drop one first."""


@dataclass(frozen=True, slots=True)
class Number:
    """Describes a service to call. `always`: every screen shows it; `acute`: the service is shown to callers
    who say that their situation is acute."""

    service: str
    says: Texts
    always: bool
    acute: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Holds a yes-or-no question of the situation check. `tips`: the indexes, from 0, of the tips that are
    shown after a yes; `danger`: a yes shows the urgent numbers."""

    asks: Texts
    tips: tuple[int, ...]
    danger: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """Holds the texts of an edition. `is_for`: one sentence that says whom the line is for; `danger`: the
    sentence above the urgent numbers.

    `tips`: what a caller can do at once; `questions`: the situation check, which picks the tips that fit;
    `numbers`: whom to call. Pages show each list in this order.
    """

    is_for: Texts
    danger: Texts
    tips: tuple[Texts, ...]
    questions: tuple[Question, ...]
    numbers: tuple[Number, ...]


_to_wording = decoding.from_values(Wording)


@dataclass(frozen=True, slots=True)
class Dated:
    """Holds an edition with its dates. `wording`: None if the release's texts apply. `state`: coming, now or
    past."""

    pk: int
    since: datetime
    by: str
    wording: Wording | None
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """Holds a line's editions, newest first. `standard`: the release's texts.

    `services`: the names of the services whose numbers the line may show; `phones`: those numbers.
    """

    standard: Wording
    editions: list[Dated]
    services: dict[str, str]
    phones: dict[str, str]


def in_force(line: Line, *, now: datetime) -> tuple[Wording, datetime] | None:
    """Returns the current wording and when it started. Returns None if the release's texts apply."""
    newest = Edition.objects.filter(line=line, since__lte=now).order_by("-since", "-pk").first()
    wording = _wording(newest) if newest else None
    return (wording, newest.since) if newest and wording else None


def read(supervisor: Person, slug: str, *, now: datetime) -> Found:
    """Returns the editions. Raises NotFound for a line that is not the supervisor's."""
    return _found(line_scope.own_line(supervisor, slug), now=now)


@transaction.atomic
def change(
    supervisor: Person,
    slug: str,
    wording: Wording | None,
    *,
    since: datetime | None,
    newest: int | None = None,
    now: datetime,
) -> Found:
    """Adds an edition that applies from now on, or from a later time. A `wording` of None brings back the
    release's texts. Raises a BadFrame that says what is wrong, or TooManyComing.

    An edition is complete. So raises ChangedMeanwhile if the newest edition made is not `newest`, the one
    that the supervisor saw (0: none); it would take back what a colleague has changed. None: not checked.
    """
    # If two people save at the same time, the second save waits here, so that its edition is the newer one.
    line = line_scope.own_line(supervisor, slug, lock=True)
    last = Edition.objects.filter(line=line).aggregate(last=Max("pk"))["last"] or 0
    if newest is not None and last > newest:
        raise ChangedMeanwhile
    since = max(since or now, now)
    if since > now + MAX_AHEAD:
        raise TooFarAhead
    if wording is not None:
        _check(line, wording)
    if since > now and Edition.objects.filter(line=line, since__gt=now).count() >= MAX_COMING:
        raise TooManyComing
    kept = asdict(wording) if wording else None
    Edition.objects.create(line=line, since=since, wording=kept, by=supervisor, made_at=now)
    audit.record(supervisor, "wording", subject=slug, detail="now" if since == now else "coming")
    staff.tell_supervisors(slug)
    return _found(line, now=now)


@transaction.atomic
def drop(supervisor: Person, slug: str, edition: int, *, now: datetime) -> Found:
    """Deletes an edition that does not apply yet. Raises NotFound for any other edition, because the history
    must show every text that callers have read."""
    line = line_scope.own_line(supervisor, slug)
    dropped, _ = Edition.objects.filter(line=line, pk=edition, since__gt=now).delete()
    if not dropped:
        raise NotFound
    audit.record(supervisor, "wording", subject=slug, detail="dropped")
    return _found(line, now=now)


def of_release(line: Line) -> Wording:
    """Returns the release's wording for the line: the sentences of its template in each language that the
    line speaks."""
    made = templates.read(line.template)
    read = {code: sentences.of_line(line, code) for code in languages.codes() if sentences.speaks(line, code)}

    def said(key: str) -> Texts:
        return {code: texts[key] for code, texts in read.items()}

    def number(slug: str) -> Number:
        says = dict.fromkeys(read, line.name) if slug == OWN else said(f"caller.number.{slug}")
        return Number(slug, says, always=slug in made.numbers, acute=slug in made.urgent)

    shown = [slug for slug in made.numbers if slug != OWN or line.phone]
    return Wording(
        is_for=said("caller.start.for"),
        danger=said("caller.urgency.danger"),
        tips=tuple(said(f"caller.now.{index}") for index in range(1, made.now + 1)),
        questions=tuple(
            Question(said(f"caller.asks.{index}"), tuple(tip - 1 for tip in one.tips), one.danger)
            for index, one in enumerate(made.questions, 1)
        ),
        numbers=tuple(number(slug) for slug in dict.fromkeys([*shown, *made.urgent])),
    )


def languages_of(wording: Wording) -> list[str]:
    """Returns the languages in which every part of the wording is written."""
    return [code for code in languages.codes() if all(one.get(code) for one in _said_in(wording))]


def phones(line: Line) -> dict[str, str]:
    """Returns the telephone numbers that the line may show, by service: the line's own number, and the
    numbers of the services that were chosen for the line, or of all services if none was chosen. Services
    that ended are left out, also from what was chosen."""
    offered = Service.objects.offered()
    chosen = offered.filter(pk__in=line.services.values("pk"))
    rows = (chosen if chosen.exists() else offered).exclude(phone="").order_by("name")
    found = dict(rows.values_list("pk", "phone"))
    return {OWN: line.phone, **found} if line.phone else found


def _check(line: Line, wording: Wording) -> None:
    # Each language that the line speaks needs every text. A language with a missing text would fall back to
    # the release's texts, and could show a number that was removed.
    spoken = [code for code in languages.codes() if sentences.speaks(line, code)]
    if not all(says.get(code, "").strip() for says in _said_in(wording) for code in spoken):
        raise NothingSaid
    if not {tip for one in wording.questions for tip in one.tips} <= set(range(len(wording.tips))):
        raise NoSuchTip
    slugs = [number.service for number in wording.numbers]
    if len(set(slugs)) < len(slugs) or not set(slugs) <= phones(line).keys():
        raise NoSuchNumber
    if not any(one.service == EMERGENCY and one.always and one.acute for one in wording.numbers):
        raise WithoutEmergency


def _said_in(wording: Wording) -> list[Texts]:
    questions = (one.asks for one in wording.questions)
    numbers = (one.says for one in wording.numbers)
    return [wording.is_for, wording.danger, *wording.tips, *questions, *numbers]


def _found(line: Line, *, now: datetime) -> Found:
    rows = Edition.objects.filter(line=line).select_related("by").order_by("-since", "-pk")[:MAX_SHOWN]
    return Found(of_release(line), _dated(rows, now), _services(line), phones(line))


def _dated(rows: Iterable[Edition], now: datetime) -> list[Dated]:
    shown: list[Dated] = []
    state = "coming"
    for row in rows:
        if row.since <= now:
            state = "now" if state == "coming" else "past"
        shown.append(Dated(row.pk, row.since, row.by.alias if row.by else "", _wording(row), state))
    return shown


def _services(line: Line) -> dict[str, str]:
    names = dict(Service.objects.values_list("pk", "name")) | {OWN: line.name}
    return {slug: names[slug] for slug in phones(line)}


def _wording(row: Edition) -> Wording | None:
    return None if row.wording is None else _to_wording(row.wording)
