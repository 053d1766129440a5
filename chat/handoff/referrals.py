"""Gives a caller the contact details of a service, and counts these referrals by service and hour."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from chat.conversation import log
from chat.conversation.seats import Seat, require_in_charge
from chat.figures import counters
from chat.handoff import services
from chat.models import Figure, Line, Service
from helpline.lib.errors import NotFound, NothingToGive

REFERRAL = "referral"  # name of the counter, which counts by service


@transaction.atomic
def refer(seat: Seat, service: str, *, now: datetime) -> int:
    """Appends a card with the service's details to the log and returns its `seq`. Later changes of the
    service do not change the card.

    Raises Forbidden unless the seat is in charge, NotFound for a service that is unknown or has ended,
    and NothingToGive for a service that a caller cannot reach.
    """
    member = require_in_charge(seat)
    found = Service.objects.offered().filter(pk=service).first()
    if found is None:
        raise NotFound
    if not services.can_be_reached(found):
        raise NothingToGive
    line = member.conversation.line
    entry = log.append(
        member.conversation,
        "referred",
        by=member.pk,
        at=now,
        service=service,
        name=found.name,
        phone=found.phone,
        site=found.site,
        chat=found.chat,
        purpose=services.words_for_callers(found, line),
        always=services.is_always_open(found),
    )
    counters.count(REFERRAL, service, line.pk, now=now)
    return entry.seq


def uses(lines: Collection[Line], *, now: datetime) -> dict[str, int]:
    """Returns how often these lines referred to each service in the last ninety days."""
    rows = Figure.objects.filter(name=REFERRAL, line__in=list(lines), hour__gt=now - timedelta(days=90))
    return dict(rows.values_list("key").annotate(Sum("value")).order_by())
