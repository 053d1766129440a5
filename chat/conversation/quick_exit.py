"""Quick exit: the caller's page is left at once, and nothing opens the conversation again."""

from datetime import datetime

from django.db import transaction

from chat import bells, states
from chat.conversation import endings
from chat.models import Conversation
from helpline.lib import tokens


@transaction.atomic
def exit_quickly(conversation: str, token: str, *, now: datetime) -> None:
    """Token and shelf die. Who waits gives up the place; to those who talk with a caller, the caller is away.

    Silent about what it found.
    """
    found = Conversation.objects.filter(pk=conversation).first()
    if not tokens.matches(token, found.token_hash if found else None) or found is None:
        return
    # Not the token of somebody who returned with a code meanwhile.
    mine = Conversation.objects.filter(pk=conversation, token_hash=found.token_hash)
    if not mine.update(token_hash=None, shelf=None):
        return
    bells.ring_on_commit(bells.SeatsChanged(conversation))
    found.refresh_from_db()  # locked by the UPDATE: a counsellor's `next` was faster, or comes too late
    if found.state == states.Conversation.WAITING:
        endings.end(found, "caller", now=now, in_vain=False)
