"""Handles the return codes of letters. A code stays valid after it was used. A person who types a code that
was replaced is told when it was replaced."""

from datetime import datetime, timedelta

from django.db.models import Q

from chat import states
from chat.letters import moves
from chat.models import Conversation, Letter, ReplacedCode, ReturnCode
from helpline.lib import clock
from helpline.lib.errors import Conflict

RETURNED_INTERVAL = timedelta(minutes=10)  # the shortest time between two `returned` entries


class Replaced(Conflict):
    """This code was replaced by a newer one. If that was not you, somebody else has your code."""


def note_replaced(conversation: Conversation, digest: bytes, *, now: datetime) -> None:
    """Records that the earlier codes of a locked letter are replaced by the new one, whose hash is
    `digest`."""
    earlier = ReturnCode.objects.filter(conversation=conversation).exclude(hash=digest)
    for code in earlier.values_list("hash", flat=True):
        ReplacedCode.objects.get_or_create(
            hash=bytes(code), defaults={"conversation": conversation, "at": now}
        )
    ReplacedCode.objects.filter(hash=digest, conversation=conversation).delete()


def refuse_replaced(line: str, digest: bytes) -> None:
    """Raises Replaced if this code belonged to a letter of the line and was replaced by a newer code."""
    rows = ReplacedCode.objects.filter(hash=digest, conversation__line=line, conversation__gone_at=None)
    at = rows.values_list("at", flat=True).first()
    if at is not None:
        raise Replaced(at=clock.stamp(at))


def note_returned(conversation: Conversation, *, now: datetime) -> None:
    """Adds an entry to a locked letter's log that says that the letter's code was used. Adds at most one such
    entry in RETURNED_INTERVAL."""
    lately = Q(returned_at=None) | Q(returned_at__lte=now - RETURNED_INTERVAL)
    if Letter.objects.filter(lately, pk=conversation.pk).update(returned_at=now):
        caller = conversation.members.get(role=states.SeatRole.CALLER)
        moves.append(conversation, "returned", by=caller.pk, now=now)
