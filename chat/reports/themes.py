"""Manages the themes of funders. A theme is a group of answers in the wrap-up form whose counts are added up
in reports."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from chat import line_scope
from chat.figures import codes as codes_of_lines
from chat.reports import report
from chat.reports.models import Theme
from chat.reports.report import Report, Total
from counsellors import audit
from counsellors.models import Person
from helpline import languages
from helpline.languages import Texts, for_staff
from helpline.lib.errors import BadFrame, Conflict, NotFound

QUESTIONS = ("detail", "subject", "place", "image", "ground")
MAX_THEMES = 30
MAX_LENGTH = 40  # characters of a theme's slug


class NoTheme(BadFrame):
    """Fill in the name in each language, and choose at least one answer."""


class ThemeTaken(Conflict):
    """There is a theme of that name already."""


class TooManyThemes(Conflict):
    """There are thirty themes already, and a page cannot show more. Remove one first."""


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """Holds a theme's numbers in a period. `rows` maps each code to its number in this period and its number
    in the same period of the year before. `now` and `before` are the sums of these numbers."""

    theme: Theme
    report: Report
    rows: dict[str, tuple[Total, Total]]
    now: Total
    before: Total


def of_line(person: Person, line: str) -> list[Theme]:
    """Returns the line's themes, sorted by name. Raises NotFound for a line that is not the person's."""
    return sorted(
        line_scope.own_line(person, line).themes.order_by("pk"), key=lambda one: for_staff(one.says)
    )


@transaction.atomic
def add(person: Person, line: str, says: Texts, question: str, chosen: Collection[str]) -> Theme:
    own = line_scope.own_line(person, line, lock=True)
    known = codes_of_lines.of_line(own.pk).get(question, []) if question in QUESTIONS else []
    slug = languages.slug(says, MAX_LENGTH)
    if not languages.is_complete(says) or not slug or not chosen or not set(chosen) <= set(known):
        raise NoTheme
    if own.themes.count() >= MAX_THEMES:
        raise TooManyThemes
    try:
        with transaction.atomic():
            theme = Theme.objects.create(
                line=own,
                slug=slug,
                says=says,
                question=question,
                codes=[code for code in known if code in chosen],
            )
    except IntegrityError:
        raise ThemeTaken from None
    audit.record(person, "theme", subject=line, detail=f"{slug} added")
    return theme


@transaction.atomic
def drop(person: Person, line: str, slug: str) -> None:
    gone, _ = line_scope.own_line(person, line).themes.filter(slug=slug).delete()
    if not gone:
        raise NotFound
    audit.record(person, "theme", subject=line, detail=f"{slug} dropped")


def of(person: Person, line: str, slug: str, period: str, *, now: datetime) -> ThemeReport:
    """Returns a theme's numbers in a year or quarter. Raises NotFound for a line that is not the person's,
    for an unknown theme, and if nothing of the period is published."""
    theme = line_scope.own_line(person, line).themes.filter(slug=slug).first()
    if theme is None:
        raise NotFound
    found = report.of(person, line, period, now=now)
    now_by, before_by = (span.tables.get(theme.question, {}) for span in (found.now, found.before))
    rows = {code: (now_by.get(code, Total()), before_by.get(code, Total())) for code in theme.codes}
    return ThemeReport(
        theme=theme,
        report=found,
        rows=rows,
        now=_together(one for one, _ in rows.values()),
        before=_together(one for _, one in rows.values()),
    )


def _together(totals: Iterable[Total]) -> Total:
    every = list(totals)
    whole = report.add(one.value for one in every)
    return Total(whole.value, at_least=whole.at_least or any(one.at_least for one in every))
