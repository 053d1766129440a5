"""Implements the line scope: only this module decides who may see or change which data of a line.

For data of another line it raises NotFound, with the same code as for data that does not exist.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.models import Conversation, Line, Service, Work
from chat.models.lines import Lines
from counsellors.models import Device, Person, Role
from helpline.lib import scopes
from helpline.lib.errors import Ended, NotFound

# Fields of a request that identify a conversation or a row that belongs to one, with the lookup that finds
# the conversation.
_OF_CONVERSATION = {"conversation": "pk", "invitation": "invitations", "hold": "holds", "reading": "readings"}


def own_lines(person: Person) -> Lines:
    """Returns the lines that this person works for. Lines that have ended are included, because somebody
    still has to look after their conversations."""
    return Line.objects.filter(work__person=person).order_by("slug")


def own_service(person: Person) -> Service | None:
    """Returns the service that a partner works for, or None."""
    return Service.objects.filter(work__person=person).order_by("slug").first()


@scopes.checks("line")
def own_line(person: Person, slug: str, *, lock: bool = False) -> Line:
    """Returns the line. Raises NotFound for a line where this person neither works nor practises."""
    mine = Q(work__person=person) | Q(practising__person=person)
    rows = Line.objects.filter(mine, pk=slug)
    line = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if line is None:
        raise NotFound
    return line


def lock_own_conversation(person: Person, pk: str) -> Conversation:
    """Locks and returns a conversation of one of the person's lines. Raises NotFound if the conversation was
    purged or erased and is not kept because of a hold."""
    row = _locked(person, pk)
    if row.gone_at is not None and row.held_until is None:
        raise NotFound
    return row


def lock_own_open_conversation(person: Person, pk: str) -> Conversation:
    """Locks and returns an open conversation of one of the person's lines. Raises Ended if the conversation
    is over, and NotFound if it was purged or erased, even if it is kept because of a hold."""
    row = _locked(person, pk)
    if row.gone_at is not None:
        raise NotFound
    if not row.is_open:
        raise Ended
    return row


def line_of_own_conversation(person: Person, pk: str) -> str:
    """Returns the line of a conversation of one of the person's lines, or raises NotFound. Locks nothing,
    because the line has to be locked before the conversation (queue/front.py)."""
    own = Conversation.objects.filter(pk=pk, line__work__person=person, gone_at=None)
    line = own.values_list("line", flat=True).first()
    if line is None:
        raise NotFound
    return str(line)


def own_people(supervisor: Person) -> QuerySet[Person]:
    """Returns the people who work for the supervisor's lines or services. Also returns each partner whose
    service has no supervisor, and each newcomer who has no line and no role yet, if a colleague on these
    lines or services invited them. If whoever invited the partner has left, or works for no line, every
    line's supervisors look after that partner.

    The result is empty for a person who is not a supervisor.
    """
    if Role.Name.SUPERVISOR not in supervisor.roles:
        return Person.objects.none()
    return Person.objects.filter(
        Q(pk__in=_beside(supervisor).values("pk")) | Q(pk__in=_brought_in_by(supervisor).values("pk"))
    )


def own_devices(supervisor: Person) -> QuerySet[Device]:
    """Returns the devices of the people that `own_people` finds."""
    return Device.objects.filter(person__in=own_people(supervisor).values("pk"))


def supervisors_of(line: str) -> QuerySet[Person]:
    return supervisors_of_any([line])


def supervisors_of_any(lines: Collection[str] | None) -> QuerySet[Person]:
    """Returns the supervisors of any of these lines, or all supervisors if `lines` is None."""
    rows = Person.objects.filter(role_rows__name=Role.Name.SUPERVISOR, is_active=True)
    return (rows if lines is None else rows.filter(work__line__in=list(lines))).distinct()


def counsellors_of(line: str) -> QuerySet[Person]:
    rows = Person.objects.filter(role_rows__name=Role.Name.COUNSELLOR, is_active=True)
    return rows.filter(work__line=line).distinct()


def supervisors_over(person: Person) -> QuerySet[Person]:
    """Returns the supervisors of the lines and services that this person works for, and those who look after
    this person as a partner or a newcomer (`own_people`)."""
    over = Q(pk__in=_beside(person).values("pk"))
    if _looked_after_by_nobody().filter(pk=person.pk).exists():
        if person.invited_by is not None and person.invited_by.work.exists():
            over |= Q(pk__in=_beside(person.invited_by).values("pk"))
        elif Role.Name.PARTNER in person.roles:
            over |= Q(work__line__in=Line.objects.real())
    return Person.objects.filter(over, role_rows__name=Role.Name.SUPERVISOR, is_active=True).distinct()


def on_record(field: str, named: str) -> str:
    """Returns the name that the audit log records for the value `named` of a request's `field`. If the value
    identifies a conversation, or a row that belongs to one, the name is the conversation's `recorded_as`, or
    "" if the conversation was deleted. Any other value is recorded unchanged.

    The conversation's id is not recorded: it would stay in the audit log for years after the rows are
    deleted, and browsers may have stored the same id.
    """
    path = _OF_CONVERSATION.get(field)
    if path is None:
        return named
    rows = Conversation.objects.filter(**{path: named})
    return rows.values_list("recorded_as", flat=True).first() or ""


def _locked(person: Person, pk: str) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=pk, line__work__person=person).first()
    if row is None:
        raise NotFound
    return row


def _brought_in_by(supervisor: Person) -> QuerySet[Person]:
    """Returns the partners and newcomers who would have no supervisor without the supervisors of whoever
    invited them."""
    found = Q(invited_by__in=_beside(supervisor).values("pk"))
    if supervisor.work.filter(line__in=Line.objects.real()).exists():
        at_work = Work.objects.values("person")
        found |= Q(role_rows__name=Role.Name.PARTNER) & (Q(invited_by=None) | ~Q(invited_by__in=at_work))
    return _looked_after_by_nobody().filter(found)


def _looked_after_by_nobody() -> QuerySet[Person]:
    """Returns the partners whose service has no supervisor, and the newcomers without a line and a role: a
    partner's role waits for the approval of a second person, and may be refused."""
    supervised = Work.objects.filter(
        person__role_rows__name=Role.Name.SUPERVISOR, person__is_active=True
    ).exclude(service=None)
    lines = Work.objects.filter(person=OuterRef("pk")).exclude(line=None)
    newcomers = Q(role_rows=None) & (Q(came_at=None) | Q(is_active=True)) & ~Exists(lines)
    rows = Person.objects.filter(Q(role_rows__name=Role.Name.PARTNER) | newcomers)
    return rows.exclude(work__service__in=supervised.values("service"))


def _beside(person: Person) -> QuerySet[Person]:
    lines = person.work.exclude(line=None).values("line")
    services = person.work.exclude(service=None).values("service")
    return Person.objects.filter(Q(work__line__in=lines) | Q(work__service__in=services))
