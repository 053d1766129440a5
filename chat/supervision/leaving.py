"""Lets a person leave the organisation in one step. After that, none of the person's devices, links or
sessions gives access.

The page first lists what that person is still responsible for. Callers who are left without staff go to the
front of the queue.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from chat import line_scope, states
from chat.handoff import invitation_states
from chat.models import Invitation, Line, LineKey, Member, Work
from chat.supervision import staff_devices
from counsellors import audit
from counsellors.models import Device, EntryLink, Person, Role
from counsellors.signin import sessions
from helpline.lib.errors import Conflict


class LastSupervisor(Conflict):
    """A line would be left without a supervisor. Appoint another one first."""


@dataclass(frozen=True, slots=True)
class InHand:
    """Holds what the person who leaves is still responsible for: how many conversations, open invitations,
    and newcomers who have not signed in yet; the lines without another supervisor (if there are any, the
    person cannot leave); the lines with transcripts that nobody else can read."""

    conversations: int
    invitations: int
    newcomers: int
    supervises_alone: list[Line]
    reads_alone: list[Line]


def in_hand(person: Person) -> InHand:
    return InHand(
        conversations=Member.objects.present().filter(person=person).count(),
        invitations=_invitations(person).count(),
        newcomers=EntryLink.objects.filter(by=person, used_at=None).count(),
        supervises_alone=_supervises_alone(person),
        reads_alone=_reads_alone(person),
    )


@transaction.atomic
def leave(person: Person, *, by: Person, now: datetime) -> None:
    """Ends the person's seats, invitations, devices, roles, sessions and assignments to lines and services
    (`Work`). Raises LastSupervisor if a line would be left without a supervisor, and Conflict for somebody
    who has already left."""
    require_another_supervisor(person, list(line_scope.own_lines(person).values_list("pk", flat=True)))
    if not person.is_active:
        raise Conflict
    for invitation in list(_invitations(person)):
        invitation_states.withdraw_for_leaver(invitation.pk, now=now)
    staff_devices.end_all(person, by, now=now)
    EntryLink.objects.filter(Q(person=person) | Q(by=person, used_at=None)).delete()
    Work.objects.filter(person=person).delete()
    for role in Role.objects.filter(person=person):
        role.delete()
    person.is_active, person.phone = False, ""
    person.save(update_fields=["is_active", "phone"])
    sessions.end_all(person)
    audit.record(by, "left", subject=person.handle)


def require_another_supervisor(person: Person, lines: Collection[str]) -> None:
    """Raises LastSupervisor if the person is the only supervisor of one of these lines."""
    # Because of the lock, people leave one after the other: if the last two supervisors of a line leave at
    # the same time, the second is refused.
    list(Line.objects.select_for_update(no_key=True).filter(pk__in=lines).order_by("pk").values("pk"))
    if any(line.pk in lines for line in _supervises_alone(person)):
        raise LastSupervisor


def _invitations(person: Person) -> QuerySet[Invitation]:
    """Returns the open invitations that the person sent, and the open invitations that are addressed to this
    person by name."""
    sent_or_for = Q(inviter__person=person) | Q(person=person)
    return Invitation.objects.filter(sent_or_for, state__in=states.INVITED)


def _supervises_alone(person: Person) -> list[Line]:
    if Role.Name.SUPERVISOR not in person.roles:
        return []
    return [
        line
        for line in line_scope.own_lines(person)
        if not line_scope.supervisors_of(line.pk).exclude(pk=person.pk).exists()
    ]


def _reads_alone(person: Person) -> list[Line]:
    """Returns the lines that have a key that no approved device of anybody else can open. A revoked device
    keeps its share of a review key."""
    own = Q(shares__device__person=person)
    usable = Q(shares__device__state=Device.State.APPROVED, shares__device__person__is_active=True)
    keys = LineKey.objects.annotate(
        theirs=Count("shares", filter=own), others=Count("shares", filter=usable & ~own)
    )
    alone = keys.filter(theirs__gt=0, others=0).values("line")
    return list(Line.objects.filter(pk__in=alone).order_by("name"))
