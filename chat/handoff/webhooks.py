"""Notifies a partner's own system that an invitation rings at its desk (docs/webhooks.md)."""

from datetime import datetime

import msgspec

from chat import outbox, states
from chat.models import Invitation
from helpline.lib import clock, encoding


class Ringing(msgspec.Struct):
    """Defines the body of the webhook: the service at whose desk an invitation rings, the conversation's
    line, and when the invitation expires. The only fact about the caller is the urgency. The `delivery` id is
    used nowhere else."""

    delivery: str
    service: str
    line: str
    urgency: int
    expires: str
    kind: str = "ringing"


def notify_ringing(invitation: Invitation, *, now: datetime) -> None:
    """Stores the webhook in the transaction that makes the invitation ring, so that the webhook is sent if
    and only if the invitation rings."""
    service, expires = invitation.service, invitation.expires_at
    if service is None or expires is None or not service.webhook_url:
        return
    conversation, delivery = invitation.conversation, encoding.new_id()
    if states.is_practice(conversation.line_id):
        return
    body = Ringing(
        delivery=delivery,
        service=service.pk,
        line=conversation.line_id,
        urgency=conversation.urgency,
        expires=clock.stamp(expires),
    )
    outbox.post_to_service(invitation, delivery, msgspec.json.encode(body).decode(), now=now)
