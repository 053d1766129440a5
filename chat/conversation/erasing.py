"""Erase by the caller: at once, for everybody. Copies in backups become unreadable at D."""

from datetime import datetime

from django.db import transaction

from chat.conversation import endings
from chat.conversation.seats import Seat, require_seat
from chat.models import Hold
from chat.retention import holds, journal, news, purge


def erase(seat: Seat, *, now: datetime) -> Hold | None:
    """Ends the conversation if need be and deletes it, in one step: no half state is ever seen.

    The hold that keeps it, if there is one: then it is gone for everybody but that, and the page says so.
    """
    with transaction.atomic():
        conversation = require_seat(seat, lock=True).conversation
        if conversation.is_open:
            endings.end(conversation, "caller", by=seat.member, now=now)
        held = holds.standing(conversation, now)
        if held:
            journal.note([conversation], held=True)
            holds.hide(conversation, now=now)
        else:
            news.tell_of(conversation)
            purge.delete([conversation.pk])
    purge.empty_the_wal()
    return held
