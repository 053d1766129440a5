"""Makes lines from templates. A template is a folder of data that describes one kind of line."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from django.conf import settings
from django.db import transaction

from chat.lines import sentences
from chat.models import Line, OwnCode, ReadySentence, Service
from helpline import languages
from helpline.lib import decoding, encoding
from helpline.lib.errors import NotFound

FOLDER = Path(__file__).parent.parent / "data" / "lines"
FILE = "line.json"
PROTOCOL = "protocol.json"
_READY = re.compile(r"sentence\.[a-z]+\.\d+")


class NoSuchTemplate(NotFound):
    """There is no template of that name."""


class OwnAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a code that a line has from the start in addition to the common ones, and the question that
    the code answers."""

    question: Literal["subject", "detail"]
    code: str


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a step of the protocol for acute conversations. `do`: what the counsellor should do; `say`: a
    suitable sentence for the caller, if any; `label`: the step's name after somebody has done it.

    `numbers`: the services to call. `calls_in`: in this step, the counsellor asks a colleague or supervisor
    to join. `outside`: the counsellor calls a third party. `tells`: the counsellor tells the caller about
    that call; this step must be recorded before the call. The texts are in each language's folder, the other
    values in the template's folder.
    """

    code: str
    numbers: list[str]
    calls_in: bool
    tells: bool
    outside: bool
    label: dict[str, str] = {}
    do: dict[str, str] = {}
    say: dict[str, str] = {}


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a question of the situation check. `tips`: the numbers, from 1, of the tips that are shown
    after a yes. `danger`: a yes shows the urgent numbers."""

    tips: list[int]
    danger: bool


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes what a new line begins with, and what its callers read.

    `path`: the last part of the page's URL, which must not reveal what the line is about. `look`: which
    colours of caller.css the page uses. `services`: the services that callers are shown. `asks`: what callers
    may say about themselves before the conversation; `ages`: the age groups to choose from. `numbers`: the
    services whose numbers are on every screen (`line` is the line itself); `chats`: the services among
    `numbers` that also chat, at the hours at which they answer calls; `urgent`: the services for callers who
    say that it is acute. `pictures`: the sites that help to have intimate pictures removed; `links`: the
    sites to which the page "read first" links. `now`: the number of tips about what callers can do at once;
    `sources`: pages that give the same advice, according to a check on the day `checked`. `questions`: the
    situation check, which picks the tips that fit. `notice`: whether callers can write a request to take
    something down. `codes`: the line's own codes in the wrap-up form. The texts are in each language's folder
    (`helpline/languages.py`).
    """

    slug: str
    name: str
    path: str
    phone: str
    formal: bool
    look: str
    retention_hours: int
    asks: list[Literal["for", "before", "age", "topic", "nickname"]]
    ages: list[Literal["<12", "12-15", "16-17", "18-25", "26+"]]
    services: list[str]
    numbers: list[str]
    chats: list[str]
    urgent: list[str]
    pictures: list[str]
    links: list[str]
    now: int
    questions: Annotated[list[Asked], msgspec.Meta(max_length=4)]
    sources: list[str]
    checked: date
    notice: bool
    codes: list[OwnAnswer]


_to_template = decoding.from_json(Template)
_to_steps = decoding.from_json(list[Step])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Holds what an organisation chooses for a new line: its template, slug, name and telephone number. If
    the slug or name is empty, or `phone` is None, the template's own value is used."""

    template: str
    slug: str = ""
    name: str = ""
    phone: str | None = None


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def longest_retention() -> timedelta:
    """Returns the longest initial retention of a line among all templates."""
    return timedelta(hours=max(read(name).retention_hours for name in names()))


def read(name: str) -> Template:
    if name not in names():
        raise NoSuchTemplate
    return _to_template((FOLDER / name / FILE).read_bytes())


def ready_sentences(name: str) -> list[ReadySentence]:
    """Returns, unsaved, the ready sentences that a line has from the start. Their keys are
    `sentence.<folder>.<number>`."""
    file = sentences.file_of(name)
    keys = [key for key in languages.texts(file, settings.LANGUAGE_CODE) if _READY.fullmatch(key)]
    return [
        ReadySentence(
            name=encoding.new_id(),
            folder=languages.texts(file, settings.LANGUAGE_CODE)[key.rpartition(".")[0]],
            says=languages.all_of(file, key),
        )
        for key in keys
    ]


@cache
def protocol(name: str) -> list[Step]:
    """Returns the steps of the template's protocol for acute conversations, in order."""

    def worded(step: Step) -> Step:
        parts = {part: said(name, f"protocol.{step.code}.{part}") for part in ("label", "do", "say")}
        return msgspec.structs.replace(step, **parts)

    steps = _to_steps((FOLDER / name / PROTOCOL).read_bytes())
    return [worded(step) for step in steps]


def said(name: str, key: str) -> dict[str, str]:
    """Returns a text of the template in each language."""
    return languages.all_of(sentences.file_of(name), key)


@transaction.atomic
def make(wanted: Wanted, *, now: datetime) -> Line:
    """Makes a line from a template. The new line is closed until a supervisor opens it or sets its hours."""
    found = read(wanted.template)
    line = Line.objects.create(
        slug=wanted.slug or found.slug,
        template=wanted.template,
        name=wanted.name or found.name,
        path=found.path if not wanted.slug else wanted.slug,
        phone=found.phone if wanted.phone is None else wanted.phone,
        formal=found.formal,
        retention=timedelta(hours=found.retention_hours),
        state=Line.State.CLOSED,
    )
    # Partners hand callers back to the line by an entry of the referral directory that has its slug.
    Service.objects.get_or_create(
        slug=line.pk, defaults={"name": line.name, "phone": line.phone, "chat": True, "since": now}
    )
    line.services.set(Service.objects.filter(slug__in=found.services))
    for own in found.codes:
        says = said(wanted.template, f"code.{own.code}")
        OwnCode.objects.create(line=line, question=own.question, code=own.code, says=says, since=now)
    for ready in ready_sentences(wanted.template):
        ready.line, ready.since = line, now
        ready.save()
    return line
