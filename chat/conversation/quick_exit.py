"""Implements the quick exit: the caller leaves the page immediately, and only a return code can open the
conversation again."""

from datetime import datetime

from django.db import transaction

from chat import bells, states
from chat.conversation import endings
from chat.models import Conversation, ReturnCode
from helpline.lib import tokens


@transaction.atomic
def exit_quickly(conversation: str, token: str, *, now: datetime) -> None:
    """Invalidates token and shelf. Also ends the conversation, except in two cases: it is a sent letter, or
    it is active and has an unused return code.

    It returns nothing, so that the response does not show whether the token was right.
    """
    found = Conversation.objects.filter(pk=conversation).first()
    if not tokens.matches(token, found.token_hash if found else None) or found is None:
        return
    # If a return by code has just stored a new token, the condition does not match, and the new token stays.
    mine = Conversation.objects.filter(pk=conversation, token_hash=found.token_hash)
    if not mine.update(token_hash=None, shelf=None):
        return
    bells.ring_on_commit(bells.SeatsChanged(conversation))
    # The UPDATE has locked the row: a concurrent `next`, close, requeue or `keepcode` has either committed
    # before it or will find the conversation changed.
    found.refresh_from_db()
    if found.is_open and found.is_sent_letter:
        endings.leave_letter(found)
    elif found.state == states.Conversation.ACTIVE and _can_return(conversation):
        bells.ring_on_commit(bells.PeopleChanged(conversation))
    elif found.state in states.OPEN:
        endings.end(found, "caller", now=now, in_vain=False)


def _can_return(conversation: str) -> bool:
    """Returns whether there is an unused return code. A used code does not count: only the page that the
    caller is leaving could use it again."""
    return ReturnCode.objects.filter(conversation=conversation, user=None).exists()
