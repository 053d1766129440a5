"""Reads and changes a letter's row. A change of a letter's state is one conditional UPDATE of
`Conversation.written`."""

from datetime import datetime
from typing import Any

from chat import bells, states
from chat.conversation import boxes, log
from chat.models import Conversation, Entry, KeyShare, Letter, Member
from chat.states import Written
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, Gone


def lock(pk: str) -> tuple[Conversation, Letter]:
    """Locks a conversation that is or was a letter. Raises Gone if the conversation was erased or deleted,
    and Conflict if it never was a letter."""
    conversation = Conversation.objects.select_for_update(no_key=True).filter(pk=pk, gone_at=None).first()
    if conversation is None:
        raise Gone
    letter = Letter.objects.filter(conversation=pk).first()
    if letter is None:
        raise Conflict
    return conversation, letter


def of(conversation: Conversation) -> Letter | None:
    """Returns the letter's row while the conversation is a letter, or None for a chat."""
    return Letter.objects.filter(pk=conversation.pk).first() if conversation.written else None


def move(conversation: Conversation, target: Written) -> None:
    """Moves a locked letter to another state. Raises Conflict if states.WRITTEN does not list this move."""
    sources = [source for source, edges in states.WRITTEN.items() if target in edges]
    rows = Conversation.objects.filter(pk=conversation.pk, written__in=sources)
    if not rows.update(written=target):
        raise Conflict
    conversation.written = target
    tell(conversation)


def unanswered(conversation: Conversation, letter: Letter) -> list[Entry]:
    """Returns the caller's messages that have not been answered yet, oldest first. An intake is left out,
    because it needs no answer."""
    caller = conversation.members.get(role=states.SeatRole.CALLER)
    rows = Entry.objects.filter(
        conversation=conversation, kind="message", by=caller.pk, seq__gt=letter.answered_upto
    )
    return [
        row for row in rows.order_by("seq") if boxes.header_of(bytes(row.box or b"")).kind == boxes.MESSAGE
    ]


def tell(conversation: Conversation) -> None:
    """Rings a bell for the line's staff, because the counts of letters changed."""
    bells.ring_on_commit(bells.LettersChanged(conversation.line_id))


def record(person: Person | None, code: str, conversation: Conversation) -> None:
    """Records a person's action on a letter in the audit log, except on a practice line."""
    if not states.is_practice(conversation.line_id):
        audit.record(person, code, subject=conversation.recorded_as)


def seat_of(conversation: Conversation) -> Member:
    """Returns the letters seat of a letter."""
    return Member.objects.get(conversation=conversation, role=states.SeatRole.LETTERS)


def share_for(seat: Member, device: str | None) -> KeyShare | None:
    """Returns the device's share of the key of this letters seat, or None if the device has no share."""
    shares = KeyShare.objects.filter(device=device, key__public=bytes(seat.key or b""))
    return shares.select_related("key").first()


def append(
    conversation: Conversation,
    kind: str,
    *,
    by: str = "",
    staff_only: bool = False,
    now: datetime,
    **facts: Any,
) -> Entry:
    """Appends an entry to the log of a locked letter, and returns it."""
    audience = Entry.Audience.LINE if staff_only else Entry.Audience.ALL
    return log.append(conversation, kind, by=by, at=now, audience=audience, **facts)
