"""Lets a caller return to the conversation, with the token that the tab kept or with a return code that the
caller wrote down."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from chat import bells, states
from chat.conversation import departures, log, presence
from chat.conversation.seats import Seat, require_open_seat, require_seat
from chat.figures import feedback
from chat.keys import outer
from chat.letters import codes, moves, promises
from chat.models import Conversation, Entry, Hold, Member, ReturnCode
from chat.retention import holds
from helpline.lib import tokens
from helpline.lib.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Resumed:
    """Describes the conversation to a caller who came back. `path`: the path of the line's page. `shelf`: the
    shelf's key, None if the shelf has expired or the retention key was destroyed.

    `ticket`: lets the caller give feedback, a single time, after the conversation has ended. `written`: a
    letter's state, "" for a chat. `due`: the time promised for the answer to a letter, None if no answer is
    due. `queued`: whether a letter's caller also waits for a chat. `urgency`: the urgency that the caller
    chose, even if staff flagged another risk.
    """

    seat: Seat
    line: str
    path: str
    state: str
    urgency: int
    written: str
    due: datetime | None
    queued: bool
    epoch: int
    seq: int
    shelf: bytes | None
    retention: timedelta
    purge_at: datetime
    hold: Hold | None
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """Describes the conversation to a caller who used a return code. `box`: the sealed secrets. Only the
    browser can open them, with the half of the code that the server never sees."""

    resumed: Resumed
    token: str
    box: bytes


@transaction.atomic
def resume(conversation: str, token: str, *, socket: str, now: datetime) -> Resumed:
    """Moves the caller's seat to this tab. Raises the same NotFound for a wrong token, a wrong id and a
    purged conversation."""
    found = Conversation.objects.filter(pk=conversation).first()
    # The token is compared even if there is no row, so that both cases take the same time.
    if not tokens.matches(token, found.token_hash if found else None) or found is None:
        raise NotFound
    Conversation.objects.filter(pk=conversation).update(tab=F("tab") + 1)
    found.refresh_from_db(fields=["tab", "token_hash", "shelf"])
    if not tokens.matches(token, found.token_hash):
        raise NotFound  # a return by code has just replaced the token
    if found.shelf is None and found.is_open:  # the old slot's key was lost, and there is a new slot
        found.shelf = outer.seal_shelf(outer.new_shelf(), conversation=found.pk, slot=found.slot)
        # The condition on the token makes sure that no shelf is stored after a quick exit in another tab.
        Conversation.objects.filter(pk=found.pk, token_hash=found.token_hash).update(shelf=found.shelf)
    return _sit_down(found, socket=socket, now=now)


@transaction.atomic
def keep_code(seat: Seat, digest: bytes, box: bytes, *, now: datetime) -> None:
    """Stores a return code and discards the earlier one, so that only the new code opens the conversation. If
    the conversation is a letter that already has its first message, sends the letter. Raises Ended if the
    conversation is over, and Conflict if the code belongs to another conversation.

    `digest`: SHA-256 of the half of the code that the server sees (32 bytes).
    """
    conversation = require_open_seat(seat).conversation
    pk = conversation.pk
    letter = moves.of(conversation)
    if letter is not None:
        codes.note_replaced(conversation, digest, now=now)
    sealed = outer.seal_return(box, conversation=pk, slot=conversation.slot)
    try:
        with transaction.atomic():
            kept = {"hash": digest, "sealed": sealed, "user": None}
            ReturnCode.objects.update_or_create(conversation_id=pk, defaults=kept)
    except IntegrityError:  # another conversation has this code, which cannot happen by chance with 100 bits
        raise Conflict from None
    if letter is not None:
        promises.send_if_complete(conversation, letter, now=now)


@transaction.atomic
def forget_code(seat: Seat) -> None:
    """Deletes the return code. Raises Conflict for a letter, because without the code the caller could not
    open the letter again."""
    conversation = require_open_seat(seat).conversation
    if conversation.written:
        raise Conflict
    ReturnCode.objects.filter(conversation=conversation).delete()


@transaction.atomic
def return_by_code(
    line: str, code: bytes, *, socket: str, now: datetime, user: bytes | None = None
) -> Returned:
    """Moves the caller's seat to this tab and uses up the code, unless the conversation is a letter. Raises
    the same NotFound for a wrong code, a used code, another line's code and a purged conversation. Raises
    Replaced for an earlier code of a letter.

    `user`: 32 random bytes of this browser, with which the browser can repeat the request if the response was
    lost.
    """
    digest = hashlib.sha256(code).digest()
    codes.refuse_replaced(line, digest)
    known = ReturnCode.objects.filter(hash=digest, conversation__line=line).first()
    # As everywhere, the conversation is locked before its code. The code is read again, because it may have
    # changed during the wait for the lock.
    rows = Conversation.objects.select_for_update(no_key=True)
    found = known and rows.filter(pk=known.conversation_id, gone_at=None).first()
    kept = found and ReturnCode.objects.filter(pk=found.pk, hash=digest).first()
    if not found or not kept or not _may_use(kept, user):
        codes.refuse_replaced(line, digest)  # the code may have been replaced during the wait
        raise NotFound
    box = outer.open_return(kept.sealed, conversation=found.pk, slot=found.slot)
    # SQLite locks no rows: on SQLite, the number of changed rows decides which of two simultaneous uses
    # succeeds.
    used = ReturnCode.objects.filter(pk=found.pk, hash=digest, user=kept.user)
    if not box or not (_stays(found) or _use_up(used, user)):
        raise NotFound
    token = tokens.new_token()
    # The shelf is new, because a quick exit deleted the old one, and because this device must not open what
    # another device sealed.
    shelf = outer.seal_shelf(outer.new_shelf(), conversation=found.pk, slot=found.slot)
    changed = {"token_hash": tokens.digest(token), "shelf": shelf, "tab": F("tab") + 1}
    if not Conversation.objects.filter(pk=found.pk, gone_at=None).update(**changed):
        raise NotFound
    found.refresh_from_db()
    if found.written:
        codes.note_returned(found, now=now)
    elif kept.user is None:  # not a repeated request
        _tell_staff(found, now=now)
    departures.requeue_if_alone(found, now=now)  # after a quick exit, the staff may have left
    bells.ring_on_commit(bells.PeopleChanged(found.pk))
    return Returned(_sit_down(found, socket=socket, now=now), token, box)


def _tell_staff(found: Conversation, *, now: datetime) -> None:
    """Adds an entry that only the line's staff see: they talk on with whoever has the code, who perhaps is
    not the person from before."""
    if found.is_open and Member.objects.present().staff().filter(conversation=found).exists():
        caller = found.members.get(role=states.SeatRole.CALLER).pk
        log.append(found, "returned", by=caller, at=now, audience=Entry.Audience.LINE)


def _stays(found: Conversation) -> bool:
    """Returns whether the code stays valid after its use. This is the case for a letter."""
    return bool(found.written)


def _use_up(used: QuerySet[ReturnCode], user: bytes | None) -> bool:
    return bool(used.update(user=hashlib.sha256(user).digest()) if user else used.delete()[0])


def _may_use(kept: ReturnCode, user: bytes | None) -> bool:
    if kept.user is None:
        return True
    return user is not None and hmac.compare_digest(hashlib.sha256(user).digest(), bytes(kept.user))


def _sit_down(found: Conversation, *, socket: str, now: datetime) -> Resumed:
    """Registers this socket for the caller's seat and removes the sockets of older tabs."""
    caller = found.members.get(role=states.SeatRole.CALLER)
    seat = Seat(found.pk, caller.pk, states.SeatRole.CALLER, found.tab)
    caller = require_seat(seat)  # raises if there was a quick exit or a newer tab in the meantime
    presence.arrive(socket, member=caller.pk, now=now)
    presence.drop_older(socket, caller.pk)
    presence.show_life({caller.pk: now})
    bells.ring_on_commit(bells.SeatsChanged(found.pk))
    return Resumed(
        seat=seat,
        line=found.line_id,
        path=found.line.path,
        state=found.wire_state,
        urgency=found.urgency,
        written=found.written,
        due=promises.running(found),
        queued=found.is_queued_letter,
        epoch=caller.conversation.epoch,
        seq=log.newest(caller),
        shelf=None if _shelf_has_ended(found, now) else _shelf_of(found),
        retention=found.retention,
        purge_at=found.purge_at,
        hold=holds.standing(found, now),
        ticket=feedback.ticket(found, now=now),
    )


def _shelf_has_ended(conversation: Conversation, now: datetime) -> bool:
    return conversation.ended_at is not None and now >= conversation.ended_at + settings.SHELF


def _shelf_of(conversation: Conversation) -> bytes | None:
    return outer.open_shelf(conversation.shelf, conversation=conversation.pk, slot=conversation.slot)
