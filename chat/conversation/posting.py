"""Stores sealed boxes in the log, each box only once. Under load many boxes are stored in one batch, with the
same checks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from chat import bells
from chat.conversation import posting_sql
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import Seat
from chat.models import Conversation
from helpline.lib import clock
from helpline.lib.errors import (
    Ended,
    Gone,
    HoldsNoMore,
    NotFound,
    Refusal,
    Replayed,
    SlowDown,
    StaleEpoch,
    TakenOver,
    TryAgain,
)

REFUSALS: Mapping[str, type[Refusal]] = {
    "gone": Gone,
    "taken_over": TakenOver,
    "left": NotFound,
    "replayed": Replayed,
    "ended": Ended,
    "slow_down": SlowDown,
    "full": HoldsNoMore,
}

type Answer = Posted | Refusal | None
type Verdicts = Mapping[posting_sql.Key, posting_sql.Verdict]


def post(seat: Seat, message: str, epoch: int, box: bytes, *, kind: str = "message", now: datetime) -> Posted:
    """Stores a box. Posting the same bytes again returns the same answer, even if the epoch has changed or
    the conversation has ended in the meantime."""
    return post_one(Draft(seat, message, epoch, box, kind), now=now)


@transaction.atomic
def post_one(draft: Draft, *, now: datetime, letters: bool = False) -> Posted:
    """Waits for the lock of the conversation and stores the draft, or raises the Refusal that gives the
    reason. `letters`: whether the rules for a letter's caller were already checked (letters/writing.py)."""
    # The lock comes first, so that the statement sees what others changed during the wait.
    Conversation.objects.select_for_update(no_key=True).filter(pk=draft.seat.conversation).first()
    verdicts = posting_sql.store([draft], now, wait=True, letters=letters)
    (answer,) = settle([draft], verdicts, now, ring=bells.ring_all_on_commit)
    if isinstance(answer, Posted):
        return answer
    raise answer or TryAgain


def post_all(drafts: Sequence[Draft], *, now: datetime) -> list[Answer]:
    """Stores boxes, which may be of many conversations, and returns an answer for each. It waits for no
    lock."""
    verdicts = posting_sql.store(drafts, now, wait=False)
    return settle(drafts, verdicts, now, ring=bells.ring_all_on_commit)


def settle(
    drafts: Sequence[Draft], verdicts: Verdicts, now: datetime, *, ring: Callable[[list[bells.Bell]], None]
) -> list[Answer]:
    """Rings a bell for each stored draft, in the order of each conversation's log. Returns an answer for each
    draft.

    The answer is None if the draft has to be tried with `post_one`: another transaction is changing the
    conversation or has removed it, or an earlier draft of the batch has the same id but other bytes.
    """
    first = posting_sql.first_of_each(drafts)
    ring([_bell(first[key], one.seq, now) for key, one in verdicts.items() if one.word == "taken"])
    return [_answer(verdicts[one.key], now) if first[one.key] == one else None for one in drafts]


def _answer(verdict: posting_sql.Verdict, now: datetime) -> Answer:
    match verdict.word:
        case "taken" | "known":
            return Posted(verdict.seq, verdict.at or now)
        case "again":
            return None
        case "stale_epoch":
            return StaleEpoch(epoch=verdict.epoch)
        case word:
            return REFUSALS[word]()


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
