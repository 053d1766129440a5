"""What a staff member works on: lines, services, colleagues, and the seats held now."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from chat.models import Line, Member, Service, Work
from chat.seats import Seat
from counsellors.models import Duty, Person, Role
from helpline.lib.errors import Conflict, NotFound


def lines_of(person: Person) -> list[Line]:
    return list(Line.objects.filter(work__person=person).order_by("slug"))


def lines_of_all(people: Collection[Person]) -> dict[int, set[str]]:
    """Person → the lines they work for, for hundreds in one query."""
    lines: defaultdict[int, set[str]] = defaultdict(set)
    rows = Work.objects.filter(person__in=list(people)).exclude(line=None)
    for person, line in rows.values_list("person", "line"):
        lines[person].add(line)
    return lines


def service_of(person: Person) -> Service | None:
    return Service.objects.filter(work__person=person).order_by("slug").first()


def colleagues_of(person: Person) -> Iterable[tuple[Person, str, str]]:
    """Others of the person's lines: who, which line, and their duty."""
    rows = (
        Work.objects.filter(line__in=[line.pk for line in lines_of(person)], person__is_active=True)
        .exclude(person=person)
        .filter(person__role_rows__name__in=[Role.Name.COUNSELLOR, Role.Name.SUPERVISOR])
        .select_related("person", "person__duty")
        .order_by("person__alias")
        .distinct()
    )
    for row in rows:
        duty = getattr(row.person, "duty", None)
        yield row.person, str(row.line_id), duty.state if duty else Duty.State.OFF


def seats_of(person: Person) -> list[Member]:
    """The seats that this person has not left, with their conversations."""
    seats = Member.objects.present().filter(person=person).select_related("conversation")
    return list(seats.order_by("joined_at"))


def seat_in(conversation: str, person: Person, device: str | None) -> Seat:
    """This person's seat. NotFound at a wall; Conflict when another device holds it."""
    member = Member.objects.present().filter(conversation=conversation, person=person).first()
    if member is None:
        raise NotFound
    if member.device_id != device:
        raise Conflict
    return Seat(conversation, member.pk, member.role)
