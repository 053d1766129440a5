"""Sets what a line promises about letters, and whether it accepts any.

The calling code checks permissions and approvals (chat/supervision/needs_approval.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.letters import conditions
from chat.lines import staff
from chat.models import Line
from chat.retention import news
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import BadFrame


class NotOfTheLine(BadFrame):
    """Nobody who works for this line has that name."""


DAYS, HOURS = range(3, 31), range(4, 73)
WEEK = 7
# Each setting accepts letters whenever the setting before it does, and in further cases.
RISING = (Line.Letters.NEVER, Line.Letters.CLOSED, Line.Letters.ALWAYS)


@dataclass(frozen=True, slots=True)
class Promises:
    """Holds how many days a letter stays open, within how many hours it is answered, and the alias of the
    person who looks after letters on each weekday, Monday first."""

    days: int
    hours: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Holds the line's settings. `lacking` has a code for each condition for taking letters that the line
    does not meet. `staff` has the aliases of those who can look after letters."""

    letters: str
    promises: Promises
    lacking: list[str]
    staff: list[str]


def of(line: Line, *, now: datetime) -> Settings:
    people = tuple(line.people_of_the_day) or ("",) * WEEK
    days, hours = line.letters_last // timedelta(days=1), line.answers_within // timedelta(hours=1)
    promises, lacking = Promises(days, hours, people), conditions.lacking(line, now=now)
    return Settings(line.letters, promises, lacking, _aliases(line))


def _aliases(line: Line) -> list[str]:
    return list(dict.fromkeys(person.alias for person, _ in staff.people_of(line.pk)))


def promise(by: Person, line: Line, promises: Promises) -> None:
    """Sets the line's promises about letters from now on. A promise that was already made for a letter is not
    changed. A weekday may have no person. Raises BadFrame for a number out of bounds, and NotOfTheLine for
    the name of somebody who does not work for the line."""
    if promises.days not in DAYS or promises.hours not in HOURS or len(promises.people) != WEEK:
        raise BadFrame
    people = [one.strip() for one in promises.people]
    if not set(people) - {""} <= {*_aliases(line), *line.people_of_the_day}:
        raise NotOfTheLine
    line.letter_span = timedelta(days=promises.days)
    line.answer_within = timedelta(hours=promises.hours)
    line.people_of_the_day = people
    line.save(update_fields=["letter_span", "answer_within", "people_of_the_day"])
    audit.record(by, "letters", subject=line.pk, detail=f"{promises.days} d {promises.hours} h")
    news.tell_supervisors(line.pk)


def switch(by: Person, slug: str, letters: str) -> None:
    Line.objects.filter(pk=slug).update(letters=letters)
    audit.record(by, "letters", subject=slug, detail=letters)
    news.tell_supervisors(slug)


def takes_more(line: Line, letters: str) -> bool:
    """Returns whether the new setting accepts letters in cases in which the current one refuses them."""
    return RISING.index(Line.Letters(letters)) > RISING.index(Line.Letters(line.letters))
