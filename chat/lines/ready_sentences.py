"""Ready sentences of a line, which its supervisors manage, and those of a person.

A change ends the old sentence and begins a new one under the same name: what was said can still be read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from chat import bells, line_scope
from chat.models import Line, OwnSentence, ReadySentence, Work
from counsellors import audit
from counsellors.models import Person
from helpline import languages
from helpline.languages import Texts
from helpline.lib import encoding
from helpline.lib.errors import BadFrame, Conflict, NotFound

MAX_SENTENCES = 200  # of a line, offered at once
MAX_PAST_SHOWN = 100  # that ended, shown as history

# What the browser fills in, which alone knows the caller's nickname; behind the | what is said without it.
_VARIABLE = re.compile(r"\{(nickname|me|line)\|[^{}|]*\}")


class SaysNothing(BadFrame):
    """Fill in the sentence in each language, and the folder where it belongs."""


class NoSuchVariable(BadFrame):
    """Between braces stands {nickname|…}, {me|…} or {line|…}, and behind the | what is said without it."""


class TooManySentences(Conflict):
    """A line has room for two hundred ready sentences. End one first."""


@dataclass(frozen=True, slots=True)
class Written:
    """`says`: by language, with `nl.formal` where that differs."""

    folder: str
    says: Texts


@dataclass(frozen=True, slots=True)
class Offered:
    """The sentences that a person finds where they write."""

    of_lines: list[ReadySentence]
    own: list[OwnSentence]


def of_line(supervisor: Person, slug: str) -> list[ReadySentence]:
    """Returns those that are offered, by folder, then those that ended, newest first. Raises NotFound for
    another line."""
    return _all(line_scope.own_line(supervisor, slug))


@transaction.atomic
def add(supervisor: Person, slug: str, written: Written, *, now: datetime) -> list[ReadySentence]:
    """Adds one for everybody of the line."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    _check(written)
    if ReadySentence.objects.filter(line=line, ended=None).count() >= MAX_SENTENCES:
        raise TooManySentences
    _begin(line, encoding.new_id(), written, supervisor, now=now)
    return _changed(line, supervisor, "added")


@transaction.atomic
def change(
    supervisor: Person, slug: str, name: str, written: Written, *, now: datetime
) -> list[ReadySentence]:
    """Changes one. Raises NotFound for one that ended: of two changes at once the second reads the first
    one's."""
    line = line_scope.own_line(supervisor, slug)
    _check(written)
    _end(line, name, now=now)
    _begin(line, name, written, supervisor, now=now)
    return _changed(line, supervisor, "changed")


@transaction.atomic
def end(supervisor: Person, slug: str, name: str, *, now: datetime) -> list[ReadySentence]:
    """Ends one. Raises NotFound for one that ended already."""
    line = line_scope.own_line(supervisor, slug)
    _end(line, name, now=now)
    return _changed(line, supervisor, "stopped")


@transaction.atomic
def keep_own(person: Person, language: str, texts: Sequence[str]) -> None:
    """Replaces those that the person had in this language. Raises BadFrame for an unknown variable."""
    texts = [text for text in texts if text]
    for text in texts:
        _check_variables(text)
    OwnSentence.objects.filter(person=person, language=language).delete()
    OwnSentence.objects.bulk_create(
        OwnSentence(person=person, language=language, text=text) for text in texts
    )
    bells.ring_on_commit(bells.SentencesChanged(person.pk))


def offered_to(person: Person) -> Offered:
    """Returns those of all lines that this person works for, and their own."""
    lines = line_scope.own_lines(person)
    return Offered(
        list(_standing(ReadySentence.objects.filter(line__in=lines))),
        list(OwnSentence.objects.filter(person=person).order_by("pk")),
    )


def _check(written: Written) -> None:
    if not written.folder or not languages.is_complete(written.says):
        raise SaysNothing
    for text in written.says.values():
        _check_variables(text)


def _check_variables(text: str) -> None:
    if {"{", "}"} & {*_VARIABLE.sub("", text)}:
        raise NoSuchVariable


def _begin(line: Line, name: str, written: Written, by: Person, *, now: datetime) -> None:
    ReadySentence.objects.create(
        line=line,
        name=name,
        folder=written.folder,
        says=written.says,
        by=by,
        since=now,
    )


def _end(line: Line, name: str, *, now: datetime) -> None:
    if not ReadySentence.objects.filter(line=line, name=name, ended=None).update(ended=now):
        raise NotFound


def _changed(line: Line, supervisor: Person, how: str) -> list[ReadySentence]:
    audit.record(supervisor, "sentence", subject=line.pk, detail=how)
    for person in Work.objects.filter(line=line).values_list("person", flat=True):
        bells.ring_on_commit(bells.SentencesChanged(person))
    return _all(line)


def _standing(rows: QuerySet[ReadySentence]) -> QuerySet[ReadySentence]:
    """Orders each by where it first was in its folder: people find it by its place, also once changed."""
    earlier = ReadySentence.objects.filter(line=OuterRef("line"), name=OuterRef("name")).order_by("pk")
    placed = rows.filter(ended=None).annotate(first=Subquery(earlier.values("pk")[:1]))
    return placed.order_by("folder", "first")


def _all(line: Line) -> list[ReadySentence]:
    rows = ReadySentence.objects.filter(line=line).select_related("by")
    past = rows.exclude(ended=None).order_by("-ended", "-pk")[:MAX_PAST_SHOWN]
    return [*_standing(rows), *past]
