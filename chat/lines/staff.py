"""Who works for a line: its counsellors who are there, and the colleagues of one of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from chat import walls
from chat.models import Line, Work
from counsellors.models import Duty, Person, Role
from helpline.lib.errors import Conflict


def counsellors_there(lines: Collection[Line]) -> QuerySet[Work]:
    """A row for each active counsellor of these lines who is on duty, or on a break and will come back."""
    rows = Work.objects.filter(
        line__in=lines,
        person__is_active=True,
        person__role_rows__name=Role.Name.COUNSELLOR,
        person__duty__state__in=(Duty.State.ON, Duty.State.BREAK),
    )
    return rows.select_related("person__duty")


def is_staffed(line: Line) -> bool:
    return counsellors_there([line]).exists()


def lines_of_all(people: Collection[Person]) -> dict[int, set[str]]:
    """Person → the lines they work for, for hundreds in one query."""
    lines: defaultdict[int, set[str]] = defaultdict(set)
    rows = Work.objects.filter(person__in=list(people)).exclude(line=None)
    for person, line in rows.values_list("person", "line"):
        lines[person].add(line)
    return lines


def colleagues_of(person: Person) -> Iterable[tuple[Person, str, str]]:
    """Others of the person's lines: who, which line, and their duty."""
    rows = (
        Work.objects.filter(line__in=list(walls.own_lines(person)), person__is_active=True)
        .exclude(person=person)
        .filter(person__role_rows__name__in=[Role.Name.COUNSELLOR, Role.Name.SUPERVISOR])
        .select_related("person", "person__duty")
        .order_by("person__alias")
        .distinct()
    )
    for row in rows:
        duty = getattr(row.person, "duty", None)
        yield row.person, str(row.line_id), duty.state if duty else Duty.State.OFF


def give_line(handle: str, line: str) -> None:
    """Conflict for who is not there any more."""
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    Work.objects.get_or_create(person=person, line_id=line)
