"""Finds the staff of a line and the colleagues of a person, and changes who is on duty."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from chat import bells, line_scope
from chat.models import Lease, Line, Work
from counsellors import duty
from counsellors.models import Duty, Person, Role
from helpline.lib.errors import Conflict
from helpline.lib.string_agg import joined

# Colleagues see this instead of "off" for a supervisor who has the board or the console open, because these
# pages ring when the supervisor is invited.
THERE = "there"


def counsellors_there(lines: Collection[Line]) -> QuerySet[Work]:
    """Returns a row for each active counsellor of these lines who is on duty or on a break."""
    rows = Work.objects.filter(
        line__in=lines,
        person__is_active=True,
        person__role_rows__name=Role.Name.COUNSELLOR,
        person__duty__state__in=(Duty.State.ON, Duty.State.BREAK),
    )
    return rows.select_related("person__duty")


def who_can_come(lines: Collection[Line]) -> QuerySet[Work]:
    """Returns the rows of counsellors_there() without those who finish their last conversations: they are on
    duty with 0 slots, and take no more callers."""
    return counsellors_there(lines).exclude(person__duty__state=Duty.State.ON, person__duty__slots=0)


def tell_supervisors(slug: str) -> None:
    """Rings a bell for the line's supervisors on commit, so that their boards read its staff and settings
    again."""
    for person in line_scope.supervisors_of(slug).values_list("pk", flat=True):
        bells.ring_on_commit(bells.StaffChanged(person))


def is_staffed(line: Line) -> bool:
    """Returns whether a counsellor is on duty or on a break who may take another caller of this line."""
    return who_can_come([line]).exists()


def people_there(slug: str) -> list[Person]:
    """Returns the line's counsellors who are on duty or on a break and may take another caller."""
    return [row.person for row in who_can_come([Line(pk=slug)])]


def is_spoken(language: str, people: Collection[Person]) -> bool:
    return any(person.speaks(language) for person in people)


@transaction.atomic
def change_duty(person: Person, state: str, slots: int, *, now: datetime) -> Duty:
    """Sets a person on duty, on a break or off duty, for all their lines. Their colleagues and their own
    other tabs see the change immediately."""
    changed = duty.change(person, state, slots, now=now)
    bells.ring_on_commit(bells.OwnDutyChanged(person.pk))
    for line in line_scope.own_lines(person):
        bells.ring_on_commit(bells.DutyChanged(line.pk))
    return changed


@transaction.atomic
def expire_duty(*, now: datetime) -> None:
    """Ends the duty of people whose consoles did not renew it in time, and notifies these consoles and the
    people's colleagues."""
    _tell_off(duty.expire(now=now))


@transaction.atomic
def end_duty(person: int) -> None:
    """Ends the duty of one person, even if the duty has not expired yet, and notifies the person's consoles
    and colleagues."""
    duty.end(person)
    _tell_off([person])


def _tell_off(people: Collection[int]) -> None:
    for person in people:
        bells.ring_on_commit(bells.OwnDutyChanged(person))
    rows = Work.objects.filter(person__in=people).exclude(line=None)
    for line in rows.values_list("line", flat=True).distinct().order_by("line"):
        bells.ring_on_commit(bells.DutyChanged(line))


def lines_of(person: OuterRef) -> Subquery:
    """Returns a subquery for a query of people: the slugs of each person's lines, joined into one string."""
    return joined(Work.objects.filter(person=person).exclude(line=None), "line")


def colleagues_of(person: Person) -> list[tuple[Person, str, str]]:
    """Returns the other staff of the person's lines, each with the line and whether they are on duty there,
    sorted by alias."""
    found = [
        (other, str(line.pk), state)
        for line in line_scope.own_lines(person).offered()
        for other, state in people_of(line.pk)
        if other.pk != person.pk
    ]
    return sorted(found, key=lambda row: row[0].alias)


def people_of(line: str) -> list[tuple[Person, str]]:
    """Returns the counsellors and supervisors of a line, each with their duty or THERE, sorted by alias."""
    supervises = Role.objects.filter(person=OuterRef("pk"), name=Role.Name.SUPERVISOR)
    pages = Lease.objects.filter(device__person=OuterRef("pk"))
    rows = (
        Person.objects.filter(
            is_active=True,
            work__line=line,
            role_rows__name__in=[Role.Name.COUNSELLOR, Role.Name.SUPERVISOR],
        )
        .annotate(is_there=Exists(supervises) & Exists(pages))
        .select_related("duty")
        .order_by("alias", "pk")
        .distinct()
    )
    return [(row, _duty_of(row, is_there=row.is_there)) for row in rows]


def _duty_of(person: Person, *, is_there: bool) -> str:
    state = person.duty.state if hasattr(person, "duty") else Duty.State.OFF
    return THERE if is_there and state == Duty.State.OFF else state


def reachable(supervisor: Person) -> list[tuple[str, Person, bool]]:
    """Returns the other staff of the supervisor's lines who gave a telephone number: the line, the person,
    and whether this person can take the line's callers. Counsellors are first.

    The numbers are private, so a person who is no supervisor gets an empty list.
    """
    if Role.Name.SUPERVISOR not in supervisor.roles:
        return []
    counsels = Role.objects.filter(person=OuterRef("person"), name=Role.Name.COUNSELLOR)
    supervises = Role.objects.filter(person=OuterRef("person"), name=Role.Name.SUPERVISOR)
    rows = (
        Work.objects.filter(line__in=line_scope.own_lines(supervisor).offered(), person__is_active=True)
        .exclude(person__phone="")
        .exclude(person=supervisor)
        .annotate(counsels=Exists(counsels), supervises=Exists(supervises))
        .filter(Q(counsels=True) | Q(supervises=True))
        .select_related("person")
    )
    found = [(str(row.line_id), row.person, row.counsels) for row in rows.order_by("person__alias")]
    return sorted(found, key=lambda row: not row[2])


def on_call(person: Person) -> dict[str, str]:
    """Returns the telephone numbers of the supervisors on call, by line, for those of the person's lines that
    have such a number. Returns {} for people who are neither counsellors nor supervisors."""
    if not hears_on_call(person):
        return {}
    return dict(
        line_scope.own_lines(person).offered().exclude(on_call_phone="").values_list("pk", "on_call_phone")
    )


def on_call_of(line: str) -> str:
    return Line.objects.values_list("on_call_phone", flat=True).get(pk=line)


def hears_on_call(person: Person) -> bool:
    """Returns whether this person may see the number of the supervisor on call. Only counsellors and
    supervisors see this number, because it may be private."""
    return bool({Role.Name.COUNSELLOR, Role.Name.SUPERVISOR} & {*person.roles})


def desks_there() -> list[str]:
    """Returns the services at whose desk a partner is on duty: a handoff rings for nobody else."""
    on = Work.objects.filter(
        service__desk=True,
        person__is_active=True,
        person__role_rows__name=Role.Name.PARTNER,
        person__duty__state=Duty.State.ON,
    ).values_list("service", flat=True)
    return sorted(on.distinct())


def give_line(handle: str, line: str) -> None:
    """Lets the person with this handle work for the line. Raises Conflict if nobody has the handle."""
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    Work.objects.get_or_create(person=person, line_id=line)
