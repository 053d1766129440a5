"""Stores the codes and questions that a line adds to the wrap-up form, so that a new phenomenon can be
counted as soon as it appears.

A code that has ended is no longer offered and keeps its figures. It can be offered again; its name is never
used for another code.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from chat import bells, line_scope
from chat.figures.codes import CODES, QUESTION
from chat.models import Line, OwnCode, Work
from counsellors import audit
from counsellors.models import Person
from helpline import languages
from helpline.languages import Texts
from helpline.lib.errors import BadFrame, Conflict, NotFound

MAX_CODES = 40  # a line can offer this many at once
MAX_LENGTH = 40  # characters of a code
COMMON = ("subject", "detail")  # the common questions to which a line can add codes
OWN = "q_"  # prefix of the name of a line's own question, so that no common question has the same name
LONGEST_QUESTION = 16  # characters of a question's name with OWN; the names of counters contain it


class NoName(BadFrame):
    """Fill in the name in each language. The name in the first language needs a letter or a digit."""


class CodeTaken(Conflict):
    """There is, or was, a code with that name. Choose another name."""


class TooManyCodes(Conflict):
    """A form can show at most forty codes of a line's own. End one first."""


@dataclass(frozen=True, slots=True)
class Named:
    """Holds a code to add: the question that it answers, and its name in each language. If the question is
    QUESTION, a new question is added."""

    question: str
    says: Texts


def of_line(supervisor: Person, slug: str) -> list[OwnCode]:
    """Returns the line's own codes, including ended ones, in the order in which they were added. Raises
    NotFound for a line that is not the supervisor's."""
    return _all(line_scope.own_line(supervisor, slug))


@transaction.atomic
def add(supervisor: Person, slug: str, named: Named, *, now: datetime) -> list[OwnCode]:
    """Adds a code or a question to the form of this line's conversations. Raises NoName, CodeTaken or
    TooManyCodes, and NotFound if the form does not ask the code's question."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    if named.question not in (QUESTION, *COMMON, *_own_questions(line)):
        raise NotFound
    code = _code_of(named)
    if not code or not languages.is_complete(named.says):
        raise NoName
    if any(code in codes for codes in CODES.values()):
        raise CodeTaken
    if OwnCode.objects.filter(line=line, ended=None).count() >= MAX_CODES:
        raise TooManyCodes
    try:
        with transaction.atomic():
            OwnCode.objects.create(line=line, question=named.question, code=code, says=named.says, since=now)
    except IntegrityError:
        raise CodeTaken from None
    audit.record(supervisor, "code", subject=slug, detail=f"{code} added")
    _tell(line)
    return _all(line)


@transaction.atomic
def end(supervisor: Person, slug: str, code: str, *, now: datetime) -> list[OwnCode]:
    """Ends a code, or a question together with its codes. Raises NotFound if the code or question does not
    exist or has already ended."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    if not OwnCode.objects.filter(line=line, code=code, ended=None).update(ended=now):
        raise NotFound
    OwnCode.objects.filter(line=line, question=code, ended=None).update(ended=now)
    audit.record(supervisor, "code", subject=slug, detail=f"{code} stopped")
    _tell(line)
    return _all(line)


@transaction.atomic
def bring_back(supervisor: Person, slug: str, code: str) -> list[OwnCode]:
    """Offers a code again, or a question together with the codes that ended at the same time. Raises NotFound
    for a code or question that has not ended, and for a code whose question has ended. Raises TooManyCodes if
    the line would then have more than MAX_CODES."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    row = OwnCode.objects.filter(line=line, code=code).exclude(ended=None).first()
    if row is None or row.question not in (QUESTION, *COMMON, *_own_questions(line)):
        raise NotFound
    # For a code, this query finds only that code's row, because no code has the same name as a question.
    OwnCode.objects.filter(Q(code=code) | Q(question=code), line=line, ended=row.ended).update(ended=None)
    if OwnCode.objects.filter(line=line, ended=None).count() > MAX_CODES:
        raise TooManyCodes
    audit.record(supervisor, "code", subject=slug, detail=f"{code} brought_back")
    _tell(line)
    return _all(line)


def _code_of(named: Named) -> str:
    """Returns the code made from the name in the default language, or "" if that name has no letter or
    digit."""
    if named.question != QUESTION:
        return languages.slug(named.says, MAX_LENGTH).replace("-", "_")
    name = languages.slug(named.says, LONGEST_QUESTION - len(OWN)).strip("-").replace("-", "_")
    return name and f"{OWN}{name}"


def _own_questions(line: Line) -> set[str]:
    rows = OwnCode.objects.filter(line=line, question=QUESTION, ended=None)
    return {str(code) for code in rows.values_list("code", flat=True)}


def _tell(line: Line) -> None:
    """Notifies the consoles of everybody who works for the line, because they may have a form open."""
    for person in Work.objects.filter(line=line).values_list("person", flat=True):
        bells.ring_on_commit(bells.CodesChanged(person))


def _all(line: Line) -> list[OwnCode]:
    return list(OwnCode.objects.filter(line=line).order_by("pk"))
