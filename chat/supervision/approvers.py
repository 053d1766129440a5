"""Decides who counts as a second person for an approval request, and who may confirm it.

A line's supervisor who authenticates with a device counts as an approver for the next thirty days, even if
the device, the role or the account is removed in that time. Otherwise somebody could become the only approver
by removing the devices, roles or accounts of the others.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from chat import line_scope
from chat.models import LastProven, Line
from counsellors.models import Device, Person, Replacement, Role

COUNTS_FOR = timedelta(days=30)
NEWCOMER_FOR = timedelta(days=7)  # people confirm nothing for this long after they first signed in
GUEST_FOR = timedelta(days=30)  # for this long, people confirm no request of the person who invited them

type Lines = Collection[str] | None  # None: the request is about no single line and concerns every supervisor


def note(person: Person, *, now: datetime) -> None:
    """Records that a supervisor authenticated with a device, in a row for each line that they supervise. A
    row is updated at most every hour."""
    if not Person.objects.filter(pk=person.pk, is_active=True, role_rows__name=Role.Name.SUPERVISOR).exists():
        return
    lines = list(line_scope.own_lines(person))
    LastProven.objects.bulk_create(
        [LastProven(line=line, person=person, at=now) for line in lines], ignore_conflicts=True
    )
    known = LastProven.objects.filter(person=person, line__in=lines)
    known.filter(at__lt=now - timedelta(hours=1)).update(at=now)


def known_on(line: str) -> bool:
    """Returns whether anybody ever authenticated with a device as a supervisor of the line."""
    return LastProven.objects.filter(line=line).exists()


def counted_on(line: str, *, now: datetime) -> bool:
    """Returns whether anybody authenticated with a device as a supervisor of the line within COUNTS_FOR. If
    so, only the line's own supervisors decide about the line."""
    return LastProven.objects.filter(line=line, at__gt=now - COUNTS_FOR).exists()


def exist(asker: Person, lines: Lines, *, now: datetime) -> bool:
    """Returns whether anybody except the asker counts as an approver. If so, the asker needs a second
    person."""
    proven = LastProven.objects.filter(at__gt=now - COUNTS_FOR)
    if lines is not None:
        proven = proven.filter(line__in=lines)
    return _not_too_new(Person.objects.filter(pk__in=proven.values("person")), asker, now=now).exists()


def who_may_confirm(
    asker: Person, lines: Lines, *, each: Collection[str] = (), now: datetime
) -> QuerySet[Person]:
    """Returns the supervisors with an approved device who may now confirm a request of the asker. They must
    work for at least one of `lines` and for all of `each`."""
    approved = Device.objects.filter(state=Device.State.APPROVED)
    people = Person.objects.filter(
        is_active=True, role_rows__name=Role.Name.SUPERVISOR, pk__in=approved.values("person")
    )
    if lines is not None:
        people = people.filter(work__line__in=list(lines))
    for line in each:
        people = people.filter(work__line=line)
    # If the asker has replaced a colleague's second factor, they could sign in as that colleague and confirm
    # the request.
    helped = Replacement.objects.filter(by=asker, at__gt=now - GUEST_FOR)
    people = people.exclude(pk__in=helped.values("person"))
    return _not_too_new(people, asker, now=now).order_by("alias").distinct()


def without_second(*, now: datetime) -> list[str]:
    """Returns the lines on which fewer than two of the current supervisors count as approvers."""
    counting = LastProven.objects.filter(
        at__gt=now - COUNTS_FOR,
        person__is_active=True,
        person__came_at__lte=now - NEWCOMER_FOR,
        person__role_rows__name=Role.Name.SUPERVISOR,
    )
    people: dict[str, set[int]] = {}
    for line, person in counting.values_list("line", "person"):
        people.setdefault(line, set()).add(person)
    lines = Line.objects.offered().order_by("slug").values_list("slug", flat=True)
    return [line for line in lines if len(people.get(line, ())) < 2]


def _not_too_new(people: QuerySet[Person], asker: Person, *, now: datetime) -> QuerySet[Person]:
    known = people.exclude(pk=asker.pk)
    if not _only_proposes(asker):
        known = known.filter(came_at__lte=now - NEWCOMER_FOR)
    return known.exclude(invited_by=asker, came_at__gt=now - GUEST_FOR)


def _only_proposes(asker: Person) -> bool:
    """Returns whether the asker is an administrator and not a supervisor. If so, even a new supervisor counts
    as an approver, so that the asker cannot act without approval."""
    return Role.Name.ADMINISTRATOR in asker.roles and Role.Name.SUPERVISOR not in asker.roles
