"""Stores ready sentences: the sentences of a line, which the line's supervisors manage, and a person's own
sentences.

A change ends the old sentence and begins a new one under the same name, so that the old text can still be
read.
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

MAX_SENTENCES = 200  # a line can offer this many at once
MAX_PAST_SHOWN = 100  # this many ended sentences are shown as history

# The browser fills these in, because it alone knows the caller's nickname. The text after the | is used if a
# value is missing.
_VARIABLE = re.compile(r"\{(nickname|me|line)\|[^{}|]*\}")


class SaysNothing(BadFrame):
    """Fill in the sentence in each language, and the folder where it belongs."""


class NoSuchVariable(BadFrame):
    """Write {nickname|…}, {me|…} or {line|…}; after the | comes the text to use if there is no name."""


class TooManySentences(Conflict):
    """A line has room for two hundred ready sentences. End one first."""


@dataclass(frozen=True, slots=True)
class Written:
    """Holds a sentence as it was typed. `says`: its text by language and, if the formal text differs, that
    text too, under a key such as `nl.formal`."""

    folder: str
    says: Texts


@dataclass(frozen=True, slots=True)
class Offered:
    """Holds the ready sentences that a person is offered while writing: those of their lines, and their
    own."""

    of_lines: list[ReadySentence]
    own: list[OwnSentence]


def of_line(supervisor: Person, slug: str) -> list[ReadySentence]:
    """Returns the sentences that are offered now, by folder, followed by the sentences that ended, newest
    first. Raises NotFound for a line that is not the supervisor's."""
    return _all(line_scope.own_line(supervisor, slug))


@transaction.atomic
def add(supervisor: Person, slug: str, written: Written, *, now: datetime) -> list[ReadySentence]:
    """Adds a sentence for all staff of the line. Raises SaysNothing, NoSuchVariable or TooManySentences."""
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
    """Changes a sentence. Raises NotFound for a sentence that has ended. If two people change a sentence at
    the same time, the second change also raises NotFound, so that it does not overwrite the first."""
    line = line_scope.own_line(supervisor, slug)
    _check(written)
    _end(line, name, now=now)
    _begin(line, name, written, supervisor, now=now)
    return _changed(line, supervisor, "changed")


@transaction.atomic
def end(supervisor: Person, slug: str, name: str, *, now: datetime) -> list[ReadySentence]:
    """Ends a sentence. Raises NotFound for one that has already ended."""
    line = line_scope.own_line(supervisor, slug)
    _end(line, name, now=now)
    return _changed(line, supervisor, "stopped")


@transaction.atomic
def keep_own(person: Person, language: str, texts: Sequence[str]) -> None:
    """Replaces the sentences that the person had in this language. Raises NoSuchVariable for an unknown
    variable."""
    texts = [text for text in texts if text]
    for text in texts:
        _check_variables(text)
    OwnSentence.objects.filter(person=person, language=language).delete()
    OwnSentence.objects.bulk_create(
        OwnSentence(person=person, language=language, text=text) for text in texts
    )
    bells.ring_on_commit(bells.SentencesChanged(person.pk))


def offered_to(person: Person) -> Offered:
    """Returns the sentences of all lines that this person works for, and the person's own."""
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
    """Returns the offered sentences in a stable order. A changed sentence keeps its position in the folder,
    because people find it by its position."""
    earlier = ReadySentence.objects.filter(line=OuterRef("line"), name=OuterRef("name")).order_by("pk")
    placed = rows.filter(ended=None).annotate(first=Subquery(earlier.values("pk")[:1]))
    return placed.order_by("folder", "first")


def _all(line: Line) -> list[ReadySentence]:
    rows = ReadySentence.objects.filter(line=line).select_related("by")
    past = rows.exclude(ended=None).order_by("-ended", "-pk")[:MAX_PAST_SHOWN]
    return [*_standing(rows), *past]
