"""Referrals: a service's contact details for the caller, recorded as service and hour."""

from datetime import datetime

from django.db import transaction

from chat import figures, invitations, log
from chat.models import Service
from chat.seats import Seat
from helpline.lib.errors import NotFound


@transaction.atomic
def refer(seat: Seat, service: str, *, now: datetime) -> int:
    """Puts a card into the conversation; its `seq`. Forbidden unless in charge, NotFound for no service."""
    member = invitations.lead(seat)
    if not Service.objects.filter(pk=service).exists():
        raise NotFound
    entry = log.append(member.conversation, "referred", by=member.pk, at=now, service=service)
    figures.count("referral", service, member.conversation.line_id, now=now)
    return entry.seq
