"""Sends the link for a guest to the contact that is stored for the guest's service. Two supervisors are
needed to change that contact; the counsellors on duty cannot change it.

The inviter gets only the PIN. No database row contains the link, because the outbox derives the link when it
sends the message.
"""

from datetime import datetime

import msgspec
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat import outbox, states
from chat.models import Invitation, Service
from helpline.lib import clock, encoding


class GuestLink(msgspec.Struct):
    """Defines the body of the webhook, which includes the urgency. No id in the body leads to the
    conversation, except the invitation's id inside the link."""

    delivery: str
    service: str
    line: str
    urgency: int
    expires: str
    link: str
    kind: str = "guest"


def has_contact(service: Service) -> bool:
    """Returns whether there is an address to which a link can be sent."""
    return _by_mail(service) or _by_webhook(service)


def send(invitation: Invitation, *, now: datetime) -> None:
    """Stores the message in the transaction that makes the link valid, so that the message is sent only if
    the caller has consented."""
    service = invitation.service
    if service is None:
        return
    if states.is_practice(invitation.conversation.line_id):  # a practice line sends no message outside
        Invitation.objects.filter(pk=invitation.pk).update(contact=states.Contact.TAKEN)
        return
    # Two supervisors may have removed the contact while the caller thought about the question.
    contact = states.Contact.SENDING if has_contact(service) else states.Contact.FAILING
    Invitation.objects.filter(pk=invitation.pk).update(contact=contact)
    if _by_mail(service):
        subject, text = _in_words(invitation, service)
        outbox.mail_link(invitation, subject, text, now=now)
    if _by_webhook(service):
        delivery = encoding.new_id()
        outbox.post_link(invitation, delivery, _as_json(invitation, service, delivery), now=now)


def _by_mail(service: Service) -> bool:
    return bool(service.contact_mail) and outbox.can_mail()


def _by_webhook(service: Service) -> bool:
    return bool(service.contact_url and service.contact_secret)


def _in_words(invitation: Invitation, service: Service) -> tuple[str, str]:
    """Returns the subject and the text in the conversation's language. They say who asks, until when the link
    is valid, and that the PIN comes by telephone."""
    conversation = invitation.conversation
    with translation.override(conversation.locale):
        facts = {
            "line": conversation.line.name,
            "service": service.name,
            "time": f"{timezone.localtime(invitation.expires_at):%H:%M}",
            "link": outbox.LINK,
        }
        return gettext("guest.subject") % facts, gettext("guest.body") % facts


def _as_json(invitation: Invitation, service: Service, delivery: str) -> str:
    conversation, expires = invitation.conversation, invitation.expires_at
    body = GuestLink(
        delivery=delivery,
        service=service.pk,
        line=conversation.line_id,
        urgency=conversation.urgency,
        expires=clock.stamp(expires) if expires else "",
        link=outbox.LINK,
    )
    return msgspec.json.encode(body).decode()
