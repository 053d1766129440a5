"""Manages the people of a supervisor's lines and services: invites them, helps them to sign in again, and
gives them roles.

Administrators do the same for everybody. A supervisor cannot see people of other lines (NotFound).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from chat import bells, line_scope
from chat.lines import staff
from chat.models import Line, Service, Work
from chat.supervision import approval_requests, entry_mails, staff_devices
from chat.supervision.approval_requests import Kind
from counsellors import audit
from counsellors import roles as grants
from counsellors.models import AuditRow, EntryLink, Person, Replacement, Role
from counsellors.roles import PRIVILEGED, TAKE_TWO
from counsellors.signin import entry_links, replacements
from helpline.lib import scopes
from helpline.lib.errors import Conflict, Forbidden, NotFound

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
INVITED_FOR = timedelta(days=30)  # a newcomer may not act against their inviter for this long


class NameTaken(Conflict):
    """Somebody has that sign-in name already."""


class AliasTaken(Conflict):
    """A colleague has, or had, that name. Choose another, for example with a letter added."""


class BadName(Conflict):
    """A sign-in name has 2 to 40 letters, digits, dots or hyphens."""


class NoPlace(Conflict):
    """Choose at least one line or service that is yours."""


class Themselves(Conflict):
    """Somebody else has to do this for you."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Describes an invited person. `alias` is the name that callers see."""

    username: str
    alias: str
    roles: Collection[str]
    lines: Collection[str] = ()
    service: str = ""
    languages: str = ""
    mail: str = ""  # the address to which the link is mailed; it is then shown to nobody


@dataclass(frozen=True, slots=True)
class Given:
    """Holds the roles that a second person still has to confirm (`waits`), and the roles that were given
    without approval because nobody else counts as an approver (`alone`)."""

    waits: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)


class TwoRoles(Conflict):
    """Nobody is invited as supervisor and as partner at once. Give the second role afterwards."""


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Invited:
    person: Person
    link: EntryLink
    given: Given


def people_for(viewer: Person) -> QuerySet[Person]:
    """Returns the viewer's people, ordered by name. For an administrator these are all people."""
    found = Person.objects.all() if _administers(viewer) else line_scope.own_people(viewer)
    work = Prefetch("work", Work.objects.select_related("line", "service"))
    return found.prefetch_related("role_rows", work, "devices").order_by("alias", "pk")


@scopes.checks("person")
def person_for(viewer: Person, handle: str) -> Person:
    """Returns the person. Raises NotFound for a person who is not among the viewer's people."""
    person = people_for(viewer).filter(handle=handle).first()
    if person is None:
        raise NotFound
    return person


def lines_for(viewer: Person) -> list[Line]:
    """Returns the lines to which the viewer may invite people."""
    return list(
        Line.objects.real().order_by("name") if _administers(viewer) else line_scope.own_lines(viewer)
    )


def services_for_partners() -> QuerySet[Service]:
    """Returns the services that are still offered, except services that are lines of this installation."""
    return Service.objects.offered().exclude(pk__in=Line.objects.values("pk")).order_by(Lower("name"))


@transaction.atomic
def invite(by: Person, newcomer: Newcomer, *, now: datetime) -> Invited:
    """Makes an account for a newcomer, and the link through which they sign in for the first time."""
    if not NAME.fullmatch(newcomer.username):
        raise BadName
    lines, service = _places(by, newcomer)
    person = _add(newcomer, by)
    for line in lines:
        Work.objects.create(person=person, line=line)
        staff.tell_supervisors(line.pk)
    if service is not None:
        Work.objects.create(person=person, service=service)
    audit.record(by, "person_invited", subject=person.handle, detail=" ".join(sorted(newcomer.roles)))
    given = give_roles(by, person, newcomer.roles, now=now)
    link = entry_links.make(person, by=by, now=now)
    if newcomer.mail:
        entry_mails.send(link, newcomer.mail, now=now)
    return Invited(person, link, given)


def give_roles(by: Person, person: Person, roles: Collection[str], *, now: datetime) -> Given:
    """Gives at once the roles that need no approval, and requests approval for the other roles."""
    given = Given()
    for role in roles:
        if role not in TAKE_TWO:
            grants.give(person.handle, role)
            continue
        approval = approval_requests.ask(by, Kind.ROLE, subject=person.handle, value=role, now=now)
        (given.waits if approval.waits else given.alone).append(str(role))
    return given


@transaction.atomic
def renew_link(by: Person, handle: str, *, now: datetime) -> EntryLink:
    """Makes another link, for a person whose first link expired or who forgot the password. Signing in still
    needs the second factor.

    Raises Forbidden unless `may_renew` allows it.
    """
    person = other(by, handle)
    if not may_renew(by, person, now=now):
        raise Forbidden
    return entry_links.make(person, by=by, now=now)


@transaction.atomic
def cancel_invitation(by: Person, handle: str, *, now: datetime) -> None:
    """Deletes an account that was never used, and withdraws the requests to give it a role. Raises Conflict
    for an account that was used: its owner has to leave instead."""
    person = other(by, handle)
    approval_requests.withdraw_power(by, handle, now=now)
    gone, _ = Person.objects.filter(pk=person.pk, came_at=None).delete()
    if not gone:
        raise Conflict
    audit.record(by, "invitation_cancelled", subject=handle)


@transaction.atomic
def replace_second_factor(by: Person, handle: str, *, now: datetime) -> str:
    """Begins to replace a lost second factor. Returns the code to read out to the person on the telephone.
    Notifies the person's supervisors at once.

    Raises Forbidden for a supervisor or administrator for whom `by` made a link within INVITED_FOR: with a
    new password and a new second factor, `by` could sign in as that person.
    """
    person = other(by, handle)
    if not person.is_active or person.came_at is None:
        raise Conflict
    require_not_inviter(by, person, now=now)
    linked = AuditRow.objects.filter(actor=by.handle, action="entry_link_made", subject=handle)
    if is_privileged(person) and linked.filter(at__gt=max(now - INVITED_FOR, person.came_at)).exists():
        raise Forbidden
    made, code = replacements.begin(person, by=by, now=now)
    _tell(made)
    return code


@transaction.atomic
def undo_replacement(by: Person, pk: str, *, now: datetime) -> None:
    """Undoes a replacement that was made less than a day ago, and revokes the devices that were enrolled
    after it. Raises NotFound for a replacement that `by` may not see, and Themselves for a replacement of
    `by`'s own second factor."""
    row = _replacements_for(by).filter(pk=pk).select_related("person").first()
    if row is None:
        raise NotFound
    if row.person_id == by.pk:
        raise Themselves
    replacements.undo(row, by=by, now=now)
    staff_devices.end_since(row.person, by, since=row.at, now=now)
    _tell(row)


def fresh_replacements(viewer: Person, *, now: datetime) -> list[Replacement]:
    """Returns the replacements that can still be undone, newest first."""
    rows = _replacements_for(viewer).filter(undone_at=None, at__gt=now - replacements.UNDO_WITHIN)
    return list(rows.select_related("person", "by").order_by("-at"))


def _replacements_for(viewer: Person) -> QuerySet[Replacement]:
    """Returns the replacements of second factors of the viewer's people. For a supervisor, adds those of all
    supervisors and administrators: otherwise nobody would see that the factor of a line's only supervisor was
    replaced."""
    of_power = Q(person__role_rows__name__in=PRIVILEGED) if Role.Name.SUPERVISOR in viewer.roles else Q()
    own = Q(person__in=people_for(viewer).values("pk"))
    return Replacement.objects.filter(own | of_power if of_power else own).distinct()


def _tell(replacement: Replacement) -> None:
    told = line_scope.supervisors_over(replacement.person)
    if is_privileged(replacement.person):
        told = line_scope.supervisors_of_any(None)
    for supervisor in told.values_list("pk", flat=True):
        bells.ring_on_commit(bells.StaffChanged(supervisor))


def _places(by: Person, newcomer: Newcomer) -> tuple[list[Line], Service | None]:
    allowed = {line.pk: line for line in lines_for(by)}
    if not {*newcomer.lines} <= allowed.keys():
        raise NotFound
    service = None
    if newcomer.service:
        service = services_for_partners().filter(pk=newcomer.service).first()
        if service is None:
            raise NotFound
    works = [role for role in newcomer.roles if role != Role.Name.ADMINISTRATOR]
    partner = Role.Name.PARTNER in newcomer.roles
    if not newcomer.roles or (works and not newcomer.lines and service is None) or partner != bool(service):
        raise NoPlace
    # The service would be that of a supervisor, whatever the second person says to the role of partner.
    if {Role.Name.PARTNER, Role.Name.SUPERVISOR} <= {*newcomer.roles}:
        raise TwoRoles
    return [allowed[slug] for slug in newcomer.lines], service


def _add(newcomer: Newcomer, by: Person) -> Person:
    """Adds the account. If two people ask for the same name or alias at the same time, the database accepts
    one of them."""
    if Person.objects.is_named(newcomer.alias):
        raise AliasTaken
    try:
        with transaction.atomic():
            return Person.objects.invite(
                newcomer.username, newcomer.alias, by=by, languages=newcomer.languages
            )
    except IntegrityError:
        raise (AliasTaken if Person.objects.is_named(newcomer.alias) else NameTaken) from None


def require_not_inviter(by: Person, person: Person, *, now: datetime) -> None:
    """Raises Forbidden if `person` invited `by` and `by` first signed in less than a month ago: a newcomer
    must not remove their inviter."""
    if by.invited_by_id == person.pk and by.came_at is not None and by.came_at > now - INVITED_FOR:
        raise Forbidden


def may_renew(by: Person, person: Person, *, now: datetime) -> bool:
    """Returns whether `by` may make another link for the person. For a supervisor or administrator who has
    signed in before, only an administrator may who has not replaced the person's second factor within
    INVITED_FOR: with a new link and a new second factor, `by` could sign in as that person, and approve
    their own requests."""
    if not (person.has_come_in and is_privileged(person)):
        return True
    replaced = Replacement.objects.filter(person=person, by=by, at__gt=now - INVITED_FOR)
    return _administers(by) and not replaced.exists()


def other(by: Person, handle: str) -> Person:
    """Returns the person with this handle. Raises NotFound for a person who is not one of `by`'s people, and
    Themselves if the person is `by`."""
    person = person_for(by, handle)
    if person.pk == by.pk:
        raise Themselves
    return person


def is_privileged(person: Person) -> bool:
    return any(role in PRIVILEGED for role in person.roles)


def _administers(person: Person) -> bool:
    return Role.Name.ADMINISTRATOR in person.roles
