"""Changes a letter whose caller waits to talk: it leaves the queue, returns to it, or becomes a chat."""

from datetime import datetime

from chat import bells, states
from chat.letters import moves
from chat.models import Conversation, Letter, Member


def drop_out(conversation: Conversation) -> None:
    """Takes a locked letter out of the queue, for a reason that would end a waiting chat. The letter is not
    ended: it stays a letter, and its earlier expiry time applies again. If that time has passed, the worker
    then ends the letter. A letter that did not wait stays as it is."""
    letter = Letter.objects.get(pk=conversation.pk)
    # A counsellor may have taken the caller and not been let in yet: the letter is then active, but still has
    # a chat's expiry time, and would go back to the queue when that seat ends.
    if letter.chat_at is None or conversation.state not in states.OPEN:
        return
    Conversation.objects.filter(pk=conversation.pk).update(
        state=states.Conversation.ACTIVE, requeued_at=None, passed_over_at=None, expires_at=letter.ends_at
    )
    Letter.objects.filter(pk=letter.pk).update(chat_at=None)
    conversation.state, conversation.expires_at = states.Conversation.ACTIVE, letter.ends_at
    moves.tell(conversation)
    bells.ring_on_commit(bells.LeftQueue(conversation.pk))
    bells.ring_on_commit(bells.QueueChanged(conversation.line_id))


def wait_again(conversation: Conversation) -> None:
    """Puts the caller of a locked letter back in the same place in the queue, because the counsellor who took
    them was not let into the conversation. A letter whose caller does not wait stays as it is."""
    if not Letter.objects.filter(pk=conversation.pk, chat_at__isnull=False).exists():
        return
    Conversation.objects.filter(pk=conversation.pk).update(state=states.Conversation.WAITING)
    conversation.state = states.Conversation.WAITING
    bells.ring_on_commit(bells.QueueChanged(conversation.line_id))


def become_chat(conversation: Conversation, *, now: datetime) -> datetime:
    """Makes a locked letter a chat for good, because a counsellor was let into the conversation. The letters
    seat leaves. Returns when the caller began to wait."""
    letter = Letter.objects.get(pk=conversation.pk)
    conversation.written = ""
    Conversation.objects.filter(pk=conversation.pk).update(written="")
    Letter.objects.filter(pk=conversation.pk).update(due_at=None)
    seat = moves.seat_of(conversation)
    left = moves.append(conversation, "left", by=seat.pk, now=now, member=seat.pk, reason="transferred")
    Member.objects.filter(pk=seat.pk).update(left_seq=left.seq, left_at=now)
    moves.tell(conversation)
    return letter.chat_at or now
