"""Quick exit: the caller's page is left at once, and nothing opens the conversation again."""

from django.db import transaction

from chat import bells
from chat.models import Conversation
from helpline.lib import tokens


@transaction.atomic
def exit_quickly(conversation: str, token: str) -> None:
    """Quick exit: token and shelf die. To everybody else the caller is away. Silent about what it found."""
    found = Conversation.objects.filter(pk=conversation).first()
    if not tokens.matches(token, found.token_hash if found else None) or found is None:
        return
    Conversation.objects.filter(pk=conversation).update(token_hash=None, shelf=None)
    bells.ring_on_commit(bells.SeatsChanged(conversation))
