"""A caller's conversation: opening it, coming back to it, hiding it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat import bells, states
from chat.conversation import joining, log, presence
from chat.conversation.seats import Seat, require_seat
from chat.figures import counters
from chat.models import Conversation, Member
from chat.queue import admission, estimates, rank
from chat.retention import keys
from helpline.lib import encoding, tokens
from helpline.lib.errors import NotFound

SHELF_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """What the caller's browser keeps. The token is shown this once; the database has its hash."""

    seat: Seat
    token: str
    shelf: bytes
    review: Member | None
    retention: timedelta
    purge_at: datetime


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where the caller's conversation stands. `shelf` is None once its key has ended."""

    seat: Seat
    line: str
    state: str
    epoch: int
    seq: int
    shelf: bytes | None


@transaction.atomic
def open_conversation(line: str, locale: str, urgency: int, *, socket: str, now: datetime) -> Opened:
    """A caller enters the queue. UnknownLine, LineClosed or LineFull store nothing."""
    found = admission.enter(line, now=now)
    token, shelf = tokens.new_token(), secrets.token_bytes(SHELF_BYTES)
    conversation = Conversation(
        line=found,
        locale=locale,
        urgency=urgency,
        state=states.Conversation.WAITING,
        opened_at=now,
        purge_at=keys.purge_instant(now, found.retention),
        rank=rank.rank_of(found, urgency, now),
        retention=found.retention,
        token_hash=tokens.digest(token),
    )
    keys.ensure_key(conversation.purge_at)
    conversation.shelf = keys.seal_shelf(shelf, conversation=conversation.pk, purge_at=conversation.purge_at)
    _foretell(conversation, now=now)
    conversation.save(force_insert=True)
    counters.count_start(conversation, now=now)
    caller = _seat_caller(conversation, now=now)
    review = joining.seat_review(conversation, now=now)
    seat = Seat(conversation.pk, caller.pk, states.SeatRole.CALLER, conversation.tab)
    presence.arrive(socket, member=caller.pk, now=now)
    bells.ring_on_commit(bells.QueueChanged(line))
    return Opened(seat, token, shelf, review, conversation.retention, conversation.purge_at)


@transaction.atomic
def resume(conversation: str, token: str, *, socket: str, now: datetime) -> Resumed:
    """The newest tab takes the seat. NotFound alike for a wrong token, a wrong id and a purged row."""
    found = Conversation.objects.filter(pk=conversation).first()
    # Compared also when there is no row, so that both answers take equally long.
    if not tokens.matches(token, found.token_hash if found else None) or found is None:
        raise NotFound
    Conversation.objects.filter(pk=conversation).update(tab=F("tab") + 1)
    found.refresh_from_db(fields=["tab", "token_hash"])
    caller = found.members.get(role=states.SeatRole.CALLER)
    seat = Seat(found.pk, caller.pk, states.SeatRole.CALLER, found.tab)
    caller = require_seat(seat)  # a quick exit may have come between: the token counts as it is now
    presence.arrive(socket, member=caller.pk, now=now)
    presence.drop_older(socket, caller.pk)
    presence.show_life([caller.pk], heard_since=now)
    bells.ring_on_commit(bells.SeatsChanged(conversation))
    return Resumed(
        seat=seat,
        line=found.line_id,
        state=states.on_the_wire(found.state),
        epoch=caller.conversation.epoch,
        seq=log.newest(caller),
        shelf=None if _shelf_has_ended(found, now) else _shelf_of(found),
    )


def _foretell(conversation: Conversation, *, now: datetime) -> None:
    """What the caller is about to be shown stays with the conversation, until its wait is over and known."""
    ahead = rank.rounded(rank.ahead_of(conversation.line_id, conversation.rank))
    (told,) = estimates.ranges_for(conversation.line_id, [ahead], now=now)
    conversation.promised_low, conversation.promised_high = told or (None, None)


def _seat_caller(conversation: Conversation, *, now: datetime) -> Member:
    caller = Member(
        conversation=conversation,
        role=states.SeatRole.CALLER,
        joined_seq=1,
        joined_at=now,
        presence_since=now,
    )
    log.append(conversation, "opened", by=caller.pk, at=now, line=conversation.line_id)
    caller.save(force_insert=True)
    return caller


def _shelf_has_ended(conversation: Conversation, now: datetime) -> bool:
    return conversation.ended_at is not None and now >= conversation.ended_at + settings.SHELF


def _shelf_of(conversation: Conversation) -> bytes | None:
    return keys.open_shelf(conversation.shelf, conversation=conversation.pk, purge_at=conversation.purge_at)


def member_key(member: Member) -> str:
    return encoding.encode(bytes(member.key or b""))
