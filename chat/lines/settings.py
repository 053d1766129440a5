"""Changes those settings of a line that one supervisor alone may change: its name, how it addresses callers,
how far urgent callers move up in the queue, and its goals for the wait.

The settings that need a second supervisor are in chat/supervision/held_fields.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from chat import bells, line_scope
from chat.models import Line
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound, WrongField


class NotNamed(WrongField):
    """A line needs a name."""


class ChangedMeanwhile(Conflict):
    """A colleague changed this line just now. Look at it again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Holds the settings, named like their columns. `goal_at_once`, `goal_soon`: per cent of callers; None
    for the default."""

    name: str
    formal: bool
    boost_soon: timedelta
    boost_acute: timedelta
    goal_at_once: int | None
    goal_soon: int | None

    def columns(self) -> Iterator[str]:
        return (one.name for one in fields(self))


def read(supervisor: Person, slug: str) -> Line:
    """Returns the line. Raises NotFound for one that is not the supervisor's, and for a practice line."""
    line = line_scope.own_line(supervisor, slug)
    if line.is_practice:
        raise NotFound
    return line


@transaction.atomic
def change(supervisor: Person, slug: str, settings: Settings, *, version: int) -> Line:
    """Changes the settings. Raises NotFound for a line that has ended, NotNamed for an empty name, and
    ChangedMeanwhile if the line no longer has the `version` that the supervisor saw."""
    line = read(supervisor, slug)
    if line.ended:
        raise NotFound
    if not settings.name:
        raise NotNamed("name")
    changed = [name for name in settings.columns() if getattr(line, name) != getattr(settings, name)]
    if not changed and line.version == version:
        return line
    stored = {name: getattr(settings, name) for name in changed}
    if not Line.objects.filter(pk=slug, version=version).update(**stored, version=F("version") + 1):
        raise ChangedMeanwhile
    codes = ["address" if name == "formal" else name for name in changed]
    audit.record(supervisor, "line", subject=slug, detail=" ".join(["changed", *codes]))
    bells.ring_on_commit(bells.LineChanged(slug))
    for person in line_scope.supervisors_of(slug).order_by("pk"):
        bells.ring_on_commit(bells.ReviewChanged(person.pk, slug))  # their boards then read the line again
    return read(supervisor, slug)
