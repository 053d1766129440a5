"""How a service can be brought into a conversation: by its desk, by a link to its contact, or not at all."""

from collections.abc import Collection

from chat import states
from chat.handoff import link_messages
from chat.models import Invitation, Service
from helpline.lib.errors import BadFrame, Forbidden, NotFound, OnlyRefer, OnlyToADesk


def address(invitation: Invitation, slug: str | None) -> None:
    """OnlyRefer where nobody could answer, OnlyToADesk where a partner would bring in somebody unknown."""
    if slug is None:
        raise BadFrame
    service = invitation.service = Service.objects.filter(pk=slug).first()
    if service is None:
        raise NotFound
    if states.is_practice(invitation.conversation.line_id):
        invitation.guest = True  # whoever practises plays the other service, too
    elif service.is_a_line:
        if not invitation.is_way_back:
            raise Forbidden  # lines are walls
    elif not service.desk:
        if invitation.inviter.role == states.SeatRole.PARTNER:
            raise OnlyToADesk
        if not link_messages.has_contact(service):
            raise OnlyRefer
        invitation.guest = True


def comes_by_link(service: Service, lines: Collection[str]) -> bool:
    return not service.desk and service.pk not in lines and link_messages.has_contact(service)
