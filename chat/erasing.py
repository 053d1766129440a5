"""Erase by the caller: at once, for everybody. Copies in backups become unreadable at D."""

from datetime import datetime

from django.db import transaction

from chat import endings, purge
from chat.seats import Seat, hold


def erase(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation if need be and deletes it, in one step: no half state is ever seen."""
    with transaction.atomic():
        conversation = hold(seat, lock=True).conversation
        if conversation.is_open:
            endings.end(conversation, "caller", by=seat.member, now=now)
        purge.delete([conversation.pk])
    purge.empty_the_wal()
