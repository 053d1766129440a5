"""Finds the recipients of an invitation: the people at whose consoles it rings."""

from collections.abc import Collection, Sequence

from django.db.models import CharField, Q, QuerySet, Value

from chat import line_scope, states
from chat.models import Invitation, Line, Member
from chat.states import How
from counsellors.models import Person, Role


def rings_for(invitation: Invitation, *, also_silenced: bool = False) -> set[int]:
    """Returns the primary keys of the people who may answer. The inviter is never among them. People who
    silenced the invitation or are in the conversation are included only if `also_silenced` is true.

    Opening hours and duty do not matter. The invitation of a guest rings at no console, because the guest
    answers by opening the link.
    """
    return set(_people(invitation, also_silenced=also_silenced).values_list("pk", flat=True))


def rings_for_all(invitations: Sequence[Invitation], people: Collection[int]) -> set[tuple[str, int]]:
    """Returns each pair of an invitation and a person for whom it rings, silenced or not, in one query. For
    somebody who is in the conversation it does not ring: their yes would be refused."""
    each = [
        _people(invitation, also_silenced=True)
        .filter(pk__in=people)
        .exclude(pk__in=_seated(invitation).values("person"))
        .values_list(Value(invitation.pk, output_field=CharField()), "pk")
        for invitation in invitations
    ]
    return set(each[0].union(*each[1:])) if each else set()


def trainers(line: Line, person: Person) -> QuerySet[Person]:
    """Returns the supervisors of the real line to which this practice line belongs. The person who practises
    may ask one of them to watch."""
    found = line_scope.supervisors_of(line.practice_for_id or "")
    return found.exclude(pk=person.pk).order_by("alias", "pk")


def _people(invitation: Invitation, *, also_silenced: bool) -> QuerySet[Person]:
    people = _addressed(invitation).filter(is_active=True)
    if invitation.inviter_id is not None and invitation.inviter.person_id is not None:
        people = people.exclude(pk=invitation.inviter.person_id)
    if not also_silenced:
        people = people.exclude(pk__in=_seated(invitation).values("person"))
        if invitation.pk:
            people = people.exclude(pk__in=invitation.silenced.values("pk"))
    return people


def _seated(invitation: Invitation) -> QuerySet[Member]:
    seated = Member.objects.present().filter(conversation=invitation.conversation_id)
    return seated.exclude(person=None)


def _addressed(invitation: Invitation) -> QuerySet[Person]:
    if invitation.guest:
        return Person.objects.none()
    if invitation.how == How.HANDOFF and not invitation.is_way_back:
        return Person.objects.filter(work__service=invitation.service_id, role_rows__name=Role.Name.PARTNER)
    if states.is_practice(invitation.conversation.line_id):
        return _trainer(invitation, invitation.conversation.line)
    roles = [Role.Name.COUNSELLOR]
    if invitation.how == How.CONSULT:
        roles.append(Role.Name.SUPERVISOR)
    people = Person.objects.filter(
        Q(work__line=invitation.conversation.line_id), role_rows__name__in=roles
    ).distinct()
    if invitation.how != How.HANDOFF and invitation.line_id is None:
        people = people.filter(pk=invitation.person_id or 0)
    return people


def _trainer(invitation: Invitation, line: Line) -> QuerySet[Person]:
    """Returns the supervisor whom the practising person asked by name. Any other invitation from a practice
    line rings for nobody, so that practice does not disturb a whole line."""
    supervisors = line_scope.supervisors_of(line.practice_for_id or "")
    named = invitation.person_id if invitation.how == How.CONSULT else None
    return supervisors.filter(pk=named or 0)
