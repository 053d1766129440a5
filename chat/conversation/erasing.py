"""Erases a conversation at the caller's request, at once and for everybody. Also destroys the conversation's
key, so that its copies in backups become unreadable."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat.conversation import endings
from chat.conversation.seats import Seat, require_seat
from chat.keys import slots
from chat.models import Hold, Slot
from chat.retention import holds, journal, news, purge
from helpline.lib.errors import TryAgain


@dataclass(frozen=True, slots=True)
class Erased:
    """Reports the result. `copies`: whether backups of the conversation are unreadable too. `hold`: the hold,
    if any, that keeps the conversation for a supervisor."""

    copies: bool
    hold: Hold | None


def erase(seat: Seat, *, now: datetime) -> Erased:
    """Ends the conversation if it is open, and deletes it, in one transaction. If there is a hold, the
    conversation is hidden instead.

    Raises TryAgain, and changes nothing, if a key folder cannot be written.
    """
    try:
        held, ended = _delete(seat, now=now)
    except OSError as error:
        slots.tell_away(error)
        raise TryAgain from None
    copies = slots.finish(ended)
    purge.empty_the_wal()
    return Erased(copies, held)


@transaction.atomic
def _delete(seat: Seat, *, now: datetime) -> tuple[Hold | None, list[Slot]]:
    """Deletes the conversation's rows, or hides them if there is a hold. Returns that hold, if any, and the
    slots whose keys must now be destroyed."""
    conversation = require_seat(seat, lock=True).conversation
    if conversation.is_open:
        endings.end(conversation, "caller", by=seat.member, now=now)
    held = holds.standing(conversation, now)
    if held is None:
        news.tell_of(conversation)
        ended = conversation.slots(held=False)
        purge.delete([conversation.pk])
        return None, ended
    journal.note([conversation], held=True)
    holds.hide(conversation, now=now)
    return held, conversation.slots(held=True)
