"""Figures: counters without content. They live apart from conversations and outlive them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from chat import states
from chat.models import Figure, Invitation

ANSWERED, WITHIN, ABANDONED = "answered", "answered_within", "abandoned"
QUICKLY = timedelta(seconds=60)  # the service level
LONG_ENOUGH = timedelta(seconds=15)  # who leaves sooner has not waited

OUTCOMES = frozenset(
    (
        states.Invitation.JOINED,
        states.Invitation.REFUSED,
        states.Invitation.DECLINED,
        states.Invitation.EXPIRED,
        states.Invitation.WITHDRAWN,
    )
)


def count(name: str, key: str, line: str, *, now: datetime, value: int = 1) -> None:
    """Adds to one counter of this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    place = {"name": name, "key": key, "line_id": line, "hour": hour}
    with transaction.atomic():
        if not Figure.objects.filter(**place).update(value=F("value") + value):
            _, made = Figure.objects.get_or_create(**place, defaults={"value": value})
            if not made:  # somebody else made it just now
                Figure.objects.filter(**place).update(value=F("value") + value)


def count_answer(line: str, *, waited: timedelta, now: datetime) -> None:
    """A conversation's first grant to a counsellor."""
    count(ANSWERED, "", line, now=now)
    if waited <= QUICKLY:
        count(WITHIN, "", line, now=now)


def count_abandoned(line: str, *, waited: timedelta, now: datetime) -> None:
    """A caller who left before anybody was let in."""
    if waited > LONG_ENOUGH:
        count(ABANDONED, "", line, now=now)


def count_invitation(
    invitation: Invitation, state: states.Invitation, *, waited: timedelta, now: datetime
) -> None:
    """Handoffs by service and outcome, and how long a service took to answer."""
    if invitation.how != states.How.HANDOFF or state not in OUTCOMES:
        return
    service, line = str(invitation.service_id), invitation.conversation.line_id
    count("handoff", f"{service}:{state}", line, now=now)
    if state == states.Invitation.JOINED:
        count("handoff_answer_seconds", service, line, now=now, value=round(waited.total_seconds()))
