"""Referrals: a service's contact details for the caller, recorded as service and hour."""

from datetime import datetime

from django.db import transaction

from chat.conversation import log
from chat.conversation.seats import Seat, require_in_charge
from chat.figures import counters
from chat.models import Service
from helpline.lib.errors import NotFound


@transaction.atomic
def refer(seat: Seat, service: str, *, now: datetime) -> int:
    """Puts a card into the conversation; its `seq`. Forbidden unless in charge, NotFound for no service."""
    member = require_in_charge(seat)
    if not Service.objects.filter(pk=service).exists():
        raise NotFound
    entry = log.append(member.conversation, "referred", by=member.pk, at=now, service=service)
    counters.count("referral", service, member.conversation.line_id, now=now)
    return entry.seq
