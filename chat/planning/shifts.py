"""Plans a line's week: shifts in local time, and how many people are wanted on each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from chat import bells, line_scope
from chat.lines.hours import AMSTERDAM
from chat.models import Line
from chat.planning.bells import RotaChanged
from chat.planning.models import Place, Shift
from counsellors import audit
from counsellors.models import Person
from helpline.lib import scopes
from helpline.lib.errors import BadFrame, Conflict, NotFound

WEEK = timedelta(days=7)
MAX_SHIFT = timedelta(hours=16)
MAX_WANTED = 50
RETENTION = timedelta(days=400)  # so that the hours worked in a whole year can be counted


class TooLong(BadFrame):
    """A shift lasts sixteen hours at most, and begins and ends at different times."""


class TooMany(BadFrame):
    """A shift is for one to fifty people."""


class ThereAlready(Conflict):
    """There is already a shift with these times."""


@dataclass(frozen=True, slots=True)
class When:
    """Represents a span in local time. It ends the next day if `closes` is not later than `opens`."""

    day: date
    opens: time
    closes: time

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Returns the start and the end in local time. Raises TooLong if the span has no length, or is longer
        than MAX_SHIFT."""
        later = timedelta(days=self.closes <= self.opens)
        starts = datetime.combine(self.day, self.opens, AMSTERDAM)
        ends = datetime.combine(self.day + later, self.closes, AMSTERDAM)
        # The span is measured in UTC: in a night in which the clock changes, a shift is shorter or longer.
        if not timedelta() < ends.astimezone(UTC) - starts.astimezone(UTC) <= MAX_SHIFT:
            raise TooLong
        return starts, ends

    @classmethod
    def of(cls, shift: Shift) -> "When":
        starts, ends = shift.starts_at.astimezone(AMSTERDAM), shift.ends_at.astimezone(AMSTERDAM)
        return cls(starts.date(), starts.time(), ends.time())


def week(supervisor: Person, slug: str, monday: date) -> list[Shift]:
    """Returns the shifts that begin in the seven days from `monday` on, with the people on them. Raises
    NotFound for a line that is not the supervisor's."""
    return list(in_days(line_scope.own_line(supervisor, slug), monday, monday + WEEK))


def in_days(line: Line, first: date, end: date) -> QuerySet[Shift]:
    """Returns the shifts that begin on or after `first` and before `end`, in order, with the people on
    them."""
    rows = Shift.objects.filter(line=line, starts_at__gte=midnight(first), starts_at__lt=midnight(end))
    places = Place.objects.select_related("person").order_by("person__alias", "pk")
    return rows.order_by("starts_at", "ends_at").prefetch_related(Prefetch("places", places))


@transaction.atomic
def add(supervisor: Person, slug: str, when: When, wanted: int) -> Shift:
    line = line_scope.own_line(supervisor, slug)
    starts, ends = when.span
    try:
        with transaction.atomic():
            shift = Shift.objects.create(line=line, starts_at=starts, ends_at=ends, wanted=checked(wanted))
    except IntegrityError:
        raise ThereAlready from None
    audit.record(supervisor, "rota", subject=slug, detail=f"{when.day} added")
    tell(line.pk)
    return shift


@transaction.atomic
def drop(supervisor: Person, pk: str) -> None:
    shift = own_shift(supervisor, pk, lock=True)
    shift.delete()
    audit.record(supervisor, "rota", subject=shift.line_id, detail=f"{When.of(shift).day} dropped")
    tell(shift.line_id)


@scopes.checks("shift")
def own_shift(person: Person, pk: str, *, lock: bool = False) -> Shift:
    """Returns a shift of a line for which this person works. Raises NotFound for any other shift."""
    rows = Shift.objects.filter(line__in=line_scope.own_lines(person), pk=pk)
    shift = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if shift is None:
        raise NotFound
    return shift


def lock(*pks: str) -> None:
    """Locks these shifts, so that no other transaction changes them before this transaction ends."""
    list(Shift.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values("pk"))


def forget_old(now: datetime) -> int:
    deleted, _ = Shift.objects.filter(ends_at__lt=now - RETENTION).delete()
    return deleted


def tell(line: str) -> None:
    for supervisor in line_scope.supervisors_of(line):
        bells.ring_on_commit(RotaChanged(supervisor.pk, line))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def checked(wanted: int) -> int:
    if not 1 <= wanted <= MAX_WANTED:
        raise TooMany
    return wanted
