"""Lines as data: a folder for each kind of line, from which an organisation makes its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from django.db import transaction

from chat.models import Line, OwnCode, ReadySentence, Service
from helpline.lib import encoding
from helpline.lib.errors import NotFound

FOLDER = Path(__file__).parent.parent / "data" / "lines"
FILE = "line.json"
SENTENCES = "sentences.json"
PROTOCOL = "protocol.json"
PRACTICE = "practice.json"


class NoSuchTemplate(NotFound):
    """There is no template of that name."""


class OwnWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code that a line begins with beside everybody's, and the question that it answers."""

    question: Literal["subject", "detail"]
    code: str
    nl: str
    en: str


class ReadyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ready sentence that a line begins with; `nl_formal` is the one with u."""

    folder: str
    nl: str
    nl_formal: str
    en: str


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the protocol for acute conversations: what to do, and what one may say with it, if anything.

    `label`: the step once it is done. `numbers`: services to call. `calls_in`: a colleague or supervisor is
    asked to join. `tells` the caller that others will be called; nothing `outside` is done before that.
    """

    code: str
    label_nl: str
    label_en: str
    nl: str
    en: str
    say_nl: str
    say_nl_formal: str
    say_en: str
    numbers: list[str]
    calls_in: bool
    tells: bool
    outside: bool


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a made-up caller says, `pause` seconds after what it waits for: nothing more, or an answer."""

    nl: str
    en: str
    pause: float
    after_answer: bool


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up caller to practise with: what is practised, and what they say. `accepts` a handoff or not."""

    code: str
    title_nl: str
    title_en: str
    about_nl: str
    about_en: str
    urgency: Literal[0, 1, 2]
    accepts: bool
    turns: list[Turn]


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line begins with, and what its callers read.

    `path`: the neutral last part of its page's URL. `look`: which colours of caller.css. `services`: those
    shown to its callers. `asks`: what may be told beforehand; of `ages` these. `numbers` are on every screen
    (`line` is its own), those in `chats` with a link to a chat that is as open as they are; `urgent` where
    somebody says that it is acute. `pictures` are the sites that help with one, `links` those of the page to
    read first. `now` is how many things there are to do at once; `sources` say the same, and were read on the
    day `checked`. With a `notice` its callers can write a request to take something down. `codes` are its own
    in the wrap-up form. The texts, and the sentences its staff have ready, are beside this file.
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
    sources: list[str]
    checked: date
    notice: bool
    codes: list[OwnWords]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template's name, and what differs by organisation: the name of the line, and its own number."""

    template: str
    slug: str = ""
    name: str = ""
    phone: str | None = None


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def read(name: str) -> Template:
    if name not in names():
        raise NoSuchTemplate
    return msgspec.json.decode((FOLDER / name / FILE).read_bytes(), type=Template)


def ready_sentences(name: str) -> list[ReadyWords]:
    return msgspec.json.decode((FOLDER / name / SENTENCES).read_bytes(), type=list[ReadyWords])


@cache
def protocol(name: str) -> list[Step]:
    """Returns what the line's staff do in an acute conversation, in order."""
    return msgspec.json.decode((FOLDER / name / PROTOCOL).read_bytes(), type=list[Step])


@cache
def cases(name: str) -> list[Case]:
    return msgspec.json.decode((FOLDER / name / PRACTICE).read_bytes(), type=list[Case])


@transaction.atomic
def make(wanted: Wanted, *, now: datetime) -> Line:
    """Makes a line. It is closed until a supervisor opens it or sets its hours."""
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
    line.services.set(Service.objects.filter(slug__in=found.services))
    OwnCode.objects.bulk_create(
        OwnCode(line=line, question=own.question, code=own.code, nl=own.nl, en=own.en, since=now)
        for own in found.codes
    )
    ReadySentence.objects.bulk_create(
        ReadySentence(line=line, name=encoding.new_id(), since=now, **msgspec.structs.asdict(ready))
        for ready in ready_sentences(wanted.template)
    )
    return line
