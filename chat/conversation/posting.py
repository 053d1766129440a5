"""Posting: sealed bytes into the log, once; many at a time under load, by the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from chat import bells, states
from chat.conversation import boxes, posting_sql
from chat.conversation.posting_sql import Place
from chat.conversation.seats import Seat, require_newest_tab
from helpline.lib import clock, rate_limit
from helpline.lib.errors import (
    BadFrame,
    Ended,
    Forbidden,
    Gone,
    NotFound,
    Refusal,
    Replayed,
    SlowDown,
    StaleEpoch,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A box that a seat asks to store."""

    seat: Seat
    message: str
    epoch: int
    box: bytes
    kind: str = "message"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands in the log."""

    seq: int
    at: datetime


def post(seat: Seat, message: str, epoch: int, box: bytes, *, kind: str = "message", now: datetime) -> Posted:
    """Stores a box. The same bytes again get the same answer, whatever has happened since."""
    (answer,) = post_all([Draft(seat, message, epoch, box, kind)], now=now, wait=True)
    if isinstance(answer, Posted):
        return answer
    raise answer or Gone


@transaction.atomic
def post_all(drafts: Sequence[Draft], *, now: datetime, wait: bool = False) -> list[Posted | Refusal | None]:
    """Stores boxes of any conversations in one transaction; each draft's place in the log, or its refusal.

    Without `wait`, None for a conversation that somebody else is changing: nobody waits behind it.
    """
    sent = [(draft.seat.conversation, draft.seat.member, draft.message) for draft in drafts]
    places, known = posting_sql.lock(sent, wait=wait)
    answers: list[Posted | Refusal | None] = []
    for draft in drafts:
        place = places.get(draft.seat.member)
        if place is None and not wait:
            answers.append(None)
            continue
        try:
            answers.append(_answer(draft, place, known, now))
        except Refusal as refusal:
            answers.append(refusal)
    bells.ring_all_on_commit([_bell(row) for row in posting_sql.write(places.values())])
    return answers


def _answer(draft: Draft, place: Place | None, known: posting_sql.Known, now: datetime) -> Posted:
    seat = draft.seat
    header = boxes.header_of(draft.box)
    if header != boxes.Header(header.kind, seat.conversation, draft.epoch, seat.member, draft.message):
        raise BadFrame
    if header.kind not in boxes.kinds_for(seat.role, draft.kind):
        raise BadFrame
    if draft.kind == "note" and seat.role == states.SeatRole.PARTNER:
        raise Forbidden  # notes are the line's
    if place is None or place.conversation.pk != seat.conversation or not place.conversation.exists:
        raise Gone
    _require_seat(seat, place)
    # Under the lock: of two tries of one id, the second finds the first.
    if (before := known.get((seat.conversation, seat.member, draft.message))) is not None:
        if (before.kind, before.box) != (draft.kind, draft.box):
            raise Replayed
        return Posted(before.seq, before.at)
    _may_write(draft, place, now)
    _limit_rate(place, now)
    row = place.append(draft.kind, draft.message, draft.epoch, draft.box, now)
    known[seat.conversation, seat.member, draft.message] = row
    return Posted(row.seq, row.at)


def _require_seat(seat: Seat, place: Place) -> None:
    if seat.role == states.SeatRole.CALLER:
        found = place.conversation
        require_newest_tab(seat, has_token=found.has_token, tab=found.tab)
    elif place.left_seq is not None:
        raise NotFound


def _may_write(draft: Draft, place: Place, now: datetime) -> None:
    found = place.conversation
    if found.state not in states.OPEN or now >= found.opened_at + settings.OPEN_SPAN:
        raise Ended
    named = place.granted_at is not None and place.epoch == draft.epoch
    if draft.epoch != found.epoch or (place.role in states.STAFF and not named):
        raise StaleEpoch(epoch=found.epoch)


def _limit_rate(place: Place, now: datetime) -> None:
    """A caller's allowance lies with the conversation: reconnecting does not refill it."""
    if place.role != states.SeatRole.CALLER:
        return
    found = place.conversation
    until = rate_limit.allow(
        found.rate_limited_until, now, burst=settings.CALLER_BURST, rate=settings.CALLER_RATE
    )
    if until is None:
        raise SlowDown
    found.rate_limited_until = until


def _bell(row: posting_sql.Row) -> bells.Bell:
    hint = bells.Hint(
        seq=row.seq,
        kind=row.kind,
        by=row.by,
        at=clock.stamp(row.at),
        id=row.message,
        epoch=row.epoch,
        box=row.box,
        line_only=row.line_only,
    )
    return bells.NewEntry(row.conversation, hint)
