"""Decides how a service can join a conversation: through its desk, by a link sent to its contact, or not at
all."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from chat import bells, states
from chat.handoff import link_messages
from chat.lines import schedules
from chat.models import Invitation, Line, Service, Work
from counsellors.models import Device, Person, Role
from helpline import languages
from helpline.lib.errors import BadFrame, Forbidden, NotFound, OnlyRefer, OnlyToADesk


def address(invitation: Invitation, slug: str | None) -> None:
    """Addresses the invitation to a service. Raises OnlyRefer if nobody at the service could answer, and
    OnlyToADesk if a partner invites a service without a desk: only the line's staff may invite a guest."""
    if slug is None:
        raise BadFrame
    service = invitation.service = Service.objects.offered().filter(pk=slug).first()
    if service is None:
        raise NotFound
    if states.is_practice(invitation.conversation.line_id):
        invitation.guest = True  # the practising person plays the other service, too
    elif service.is_a_line:
        if not invitation.is_way_back:
            raise Forbidden  # no line sees another line's conversations
    elif not service.desk:
        if invitation.inviter.role == states.SeatRole.PARTNER:
            raise OnlyToADesk
        if not link_messages.has_contact(service):
            raise OnlyRefer
        invitation.guest = True


def open_desk(partner: Person) -> None:
    """Notes that the partner's service has a desk: one of its partners has an approved device."""
    if Service.objects.filter(work__person=partner, desk=False).update(desk=True):
        bells.ring_on_commit(bells.ServicesChanged())


def close_desks(of: Collection[str]) -> None:
    """Closes the desk of each of these services that has no partner with an approved device any more. A
    guest can then be invited by link again: at the desk a handoff would ring for nobody."""
    partners = Work.objects.filter(
        service=OuterRef("pk"),
        person__is_active=True,
        person__role_rows__name=Role.Name.PARTNER,
        person__devices__state=Device.State.APPROVED,
    )
    if Service.objects.filter(~Exists(partners), pk__in=of, desk=True).update(desk=False):
        bells.ring_on_commit(bells.ServicesChanged())


def can_be_reached(service: Service) -> bool:
    """Returns whether a caller can reach the service without help from staff: by telephone, or on its
    site."""
    return bool(service.phone or service.site)


def words_for_callers(service: Service, line: Line) -> dict[str, str]:
    """Returns the service's purpose by language, in the formal or informal wording that the line uses for its
    callers. The result is empty if nobody has written a text for callers; the text for staff is never shown
    instead."""
    return languages.addressed(service.for_callers, formal=line.formal)


def is_always_open(service: Service) -> bool | None:
    """Returns whether the service is open at all hours, or None if its hours are unknown."""
    return service.always_open if schedules.of_service(service) else None


def comes_by_link(service: Service, lines: Collection[str]) -> bool:
    return not service.desk and service.pk not in lines and link_messages.has_contact(service)
