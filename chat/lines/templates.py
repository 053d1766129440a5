"""Lines as data: a folder for each kind of line, from which an organisation makes its own."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
from django.db import transaction

from chat.models import Line, Service
from helpline.lib.errors import NotFound

FOLDER = Path(__file__).parent.parent / "data" / "lines"
FILE = "line.json"


class NoSuchTemplate(NotFound):
    """There is no template of that name."""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line begins with. `path`: the neutral last part of its page's address. `services`: whom its
    callers are shown."""

    slug: str
    name: str
    path: str
    phone: str
    formal: bool
    retention_hours: int
    services: list[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template's name, and what to call the line instead."""

    template: str
    slug: str = ""
    name: str = ""


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def read(name: str) -> Template:
    if name not in names():
        raise NoSuchTemplate
    return msgspec.json.decode((FOLDER / name / FILE).read_bytes(), type=Template)


@transaction.atomic
def make(wanted: Wanted) -> Line:
    """Closed, until a supervisor opens it or sets its hours."""
    found = read(wanted.template)
    line = Line.objects.create(
        slug=wanted.slug or found.slug,
        name=wanted.name or found.name,
        path=found.path if not wanted.slug else wanted.slug,
        phone=found.phone,
        formal=found.formal,
        retention=timedelta(hours=found.retention_hours),
        state=Line.State.CLOSED,
    )
    line.services.set(Service.objects.filter(slug__in=found.services))
    return line
