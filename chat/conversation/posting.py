"""Posting: stores sealed bytes in the log, once each; many at a time under load, by the same rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from chat import bells
from chat.conversation import posting_sql
from chat.conversation.drafts import Draft, Posted
from chat.conversation.posting_refusals import why_not
from chat.conversation.seats import Seat
from chat.models import Conversation
from helpline.lib import clock
from helpline.lib.errors import TryAgain

type Numbers = Mapping[posting_sql.Key, int]


def post(seat: Seat, message: str, epoch: int, box: bytes, *, kind: str = "message", now: datetime) -> Posted:
    """Stores a box. The same bytes again get the same answer, whatever has happened since."""
    return post_one(Draft(seat, message, epoch, box, kind), now=now)


@transaction.atomic
def post_one(draft: Draft, *, now: datetime) -> Posted:
    """Stores it after waiting for whoever changes the conversation now, or raises why not."""
    # First the lock: what the statement sees is then no older than the wait.
    Conversation.objects.select_for_update(no_key=True).filter(pk=draft.seat.conversation).first()
    numbers = posting_sql.store([draft], now, wait=True)
    bells.ring_all_on_commit(bells_for([draft], numbers, now))
    (answer,) = answers([draft], numbers, now)
    answer = answer or why_not(draft, now)
    if answer is None:
        raise TryAgain
    return answer


def post_all(drafts: Sequence[Draft], *, now: datetime) -> list[Posted | None]:
    """Stores boxes of any conversations and returns their positions in the log.

    An item is None for what was not taken: the rule forbids it, or somebody else is changing that
    conversation. `post_one` tells which. This function waits for no lock.
    """
    numbers = posting_sql.store(drafts, now, wait=False)
    bells.ring_all_on_commit(bells_for(drafts, numbers, now))
    return answers(drafts, numbers, now)


def answers(drafts: Sequence[Draft], numbers: Numbers, now: datetime) -> list[Posted | None]:
    """Returns the positions. Of drafts with one id, the same bytes share a position and other bytes have
    none."""
    first = posting_sql.first_of_each(drafts)
    return [
        Posted(numbers[draft.key], now) if draft.key in numbers and first[draft.key] == draft else None
        for draft in drafts
    ]


def bells_for(drafts: Sequence[Draft], numbers: Numbers, now: datetime) -> list[bells.Bell]:
    """Returns bells for what was stored, in the order of each conversation's log."""
    first = posting_sql.first_of_each(drafts)
    return [_bell(draft, numbers[key], now) for key, draft in first.items() if key in numbers]


def _bell(draft: Draft, seq: int, now: datetime) -> bells.Bell:
    hint = bells.Hint(
        seq=seq,
        kind=draft.kind,
        by=draft.seat.member,
        at=clock.stamp(now),
        id=draft.message,
        epoch=draft.epoch,
        box=draft.box,
        line_only=draft.kind == "note",
    )
    return bells.NewEntry(draft.seat.conversation, hint)
