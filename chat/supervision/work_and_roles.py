"""Adds and removes a person's lines, services and roles, and applies the consequences, such as the end of
seats. Whether a change needs approval is decided in needs_approval.py."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from chat import bells
from chat.conversation import departures
from chat.handoff import services
from chat.letters import takes
from chat.models import Line, Member, Work
from chat.models.conversation import Members
from chat.retention import line_keys
from chat.supervision import leaving
from counsellors.models import Person, Role
from helpline.lib.errors import Conflict


def give_service(handle: str, service: str) -> None:
    Work.objects.get_or_create(person=_person(handle), service_id=service)


@transaction.atomic
def take_service(handle: str, service: str, *, now: datetime) -> None:
    _take(Work.objects.filter(person__handle=handle, service=service))
    services.close_desks([service])
    _leave_seats(Member.objects.filter(person__handle=handle, service=service), now=now)
    _ask_again(handle)


@transaction.atomic
def take_line(handle: str, line: str, *, now: datetime) -> None:
    """Removes a line from a person's work and ends the person's seats on that line; the callers go to the
    front of the queue. Raises LastSupervisor if the line would be left without a supervisor."""
    person = _person(handle)
    leaving.require_another_supervisor(person, [line])
    _leave_seats(Member.objects.filter(person=person, conversation__line=line), now=now)
    takes.end_of_person(person, [line])
    devices = list(person.devices.values_list("pk", flat=True))
    line_keys.forget_shares(devices, line, now=now)
    _take(Work.objects.filter(person=person, line=line))
    bells.ring_on_commit(bells.DutyChanged(line))
    _ask_again(handle)


@transaction.atomic
def take_role(handle: str, name: str, *, now: datetime) -> None:
    """Removes a role from a person, which ends their sessions, and what they had through it: a partner's
    service, a counsellor's letters, and the letters keys of somebody who may answer no letters any more.
    Raises LastSupervisor if a line would be left without a supervisor."""
    person = _person(handle)
    if name == Role.Name.SUPERVISOR:
        own = Line.objects.filter(work__person=person)
        leaving.require_another_supervisor(person, list(own.values_list("pk", flat=True)))
    role = person.role_rows.filter(name=name).first()
    if role is None:
        raise Conflict
    role.delete()
    if name == Role.Name.PARTNER:
        forget_services(handle)
    if name == Role.Name.COUNSELLOR:
        own = Line.objects.filter(work__person=person)
        takes.end_of_person(person, list(own.values_list("pk", flat=True)))
    if not person.role_rows.filter(name__in=(Role.Name.COUNSELLOR, Role.Name.SUPERVISOR)).exists():
        line_keys.forget_shares(list(person.devices.values_list("pk", flat=True)), now=now)


def forget_services(handle: str) -> None:
    """Ends the work for services of a person who is no partner. Supervisors may look after a service without
    that role. Does nothing if the person was deleted meanwhile: the request for the role must end all the
    same, because the worker ends it in its rounds."""
    person = Person.objects.filter(handle=handle).first()
    if person and not person.role_rows.filter(name__in=(Role.Name.PARTNER, Role.Name.SUPERVISOR)).exists():
        rows = Work.objects.filter(person=person).exclude(service=None)
        theirs = list(rows.values_list("service", flat=True))
        rows.delete()
        services.close_desks(theirs)


def _person(handle: str) -> Person:
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    return person


def _take(rows: QuerySet[Work]) -> None:
    if not rows.delete()[0]:
        raise Conflict


def _leave_seats(seats: Members, *, now: datetime) -> None:
    for seat in seats.present().order_by("conversation").values_list("pk", flat=True):
        departures.expel(seat, now=now)


def _ask_again(handle: str) -> None:
    bells.ring_on_commit(bells.AccessChanged(_person(handle).pk))
