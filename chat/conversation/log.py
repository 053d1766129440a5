"""Reads and writes the log of a conversation. Its entries are numbered without gaps and never change. `since`
decides which entries are sent to a seat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from chat import bells, states
from chat.conversation.seats import Seat, require_seat
from chat.keys import outer
from chat.models import Conversation, Entry, Member, Wrap
from helpline.lib.errors import NotFound

MAX_ENTRIES_PER_QUERY = 500
# Entries of these kinds are not sent to a partner if they are older than the partner's seat, unless the
# partner was given the history.
BEFORE_JOINING = ("message", "invited", "referred")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Holds an entry as it is delivered to one seat. `wrap` and `history` hold the secrets that a grant gives
    the seat, sealed for the seat's key."""

    entry: Entry
    prev: int
    named: bool = False
    wrap: bytes | None = None
    history: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """Holds the new entries for a seat, complete up to the number `upto`. `prev`: the number of the last
    entry that the seat has after this slice. `over`: whether the slice ends with the entry at which the seat
    left."""

    entries: list[Delivered]
    upto: int
    prev: int
    over: bool

    @property
    def is_full(self) -> bool:
        """Returns whether more entries may follow."""
        return len(self.entries) >= MAX_ENTRIES_PER_QUERY


def append(
    conversation: Conversation,
    kind: str,
    *,
    by: str = "",
    at: datetime,
    audience: int = Entry.Audience.ALL,
    moves: Mapping[str, object] | None = None,
    **facts: object,
) -> Entry:
    """Appends an entry. The conversation's row must be locked, so that the numbers have no gaps.

    `moves`: other columns of the conversation's row to change in the same UPDATE.
    """
    entry = number(conversation, Entry(kind=kind, by=by, at=at, audience=audience, facts=facts), moves)
    entry.save(force_insert=True)
    bells.ring_on_commit(bells.NewEntry(conversation.pk))
    return entry


def number(conversation: Conversation, entry: Entry, moves: Mapping[str, object] | None = None) -> Entry:
    """Gives the entry the next number, and stores that number in the conversation's row."""
    conversation.last_seq += 1
    if entry.audience == Entry.Audience.ALL:
        conversation.last_public_seq = conversation.last_seq
    for name, value in (moves or {}).items():
        setattr(conversation, name, value)
    Conversation.objects.filter(pk=conversation.pk).update(
        last_seq=conversation.last_seq, last_public_seq=conversation.last_public_seq, **(moves or {})
    )
    entry.conversation = conversation
    entry.seq = conversation.last_seq
    return entry


def since(seat: Seat, seq: int, *, prev: int | None = None) -> Slice:
    """Returns the entries above `seq` that this seat may see, oldest first. Raises NotFound if the seat has
    left and its own `left` entry was already sent to it.

    `prev`: the number of the last entry that was sent to the seat, None if the socket does not know it.
    """
    return since_of(require_seat(seat, also_after_left=True), seq, prev=prev)


def since_of(member: Member, seq: int, *, prev: int | None = None) -> Slice:
    """Does the same as the function `since`, for a seat whose row was just read."""
    if member.left_seq is not None and seq >= member.left_seq:
        raise NotFound
    rows, upto = _after(member, seq)
    if prev is None:
        prev = _last_visible(member, seq)
    newest_seen = rows[-1].seq if rows else prev
    return Slice(_deliver(member, rows, prev), upto, newest_seen, over=upto == member.left_seq)


def whole(entries: list[Entry]) -> Slice:
    """Returns the first entries of a new log as a Slice. The caller may see all of them."""
    delivered = [Delivered(entry, entry.seq - 1) for entry in entries]
    return Slice(delivered, upto=len(entries), prev=len(entries), over=False)


def as_review(member: Member, seq: int) -> Slice:
    """Returns the entries above `seq` that a review seat may see, without wraps. It does not check that the
    reading is approved (readings.py does)."""
    rows, upto = _after(member, seq)
    prevs = [_last_visible(member, seq), *(row.seq for row in rows)]
    delivered = [Delivered(row, prev) for row, prev in zip(rows, prevs, strict=False)]
    over = upto == (member.left_seq or member.conversation.last_seq)
    return Slice(delivered, upto, prevs[len(rows)], over)


def newest(member: Member) -> int:
    """Returns the number of the newest entry that this seat may see."""
    return newest_of(
        member.role, member.left_seq, member.conversation.last_seq, member.conversation.last_public_seq
    )


def newest_of(role: str, left_seq: int | None, last_seq: int, last_public_seq: int) -> int:
    last = last_seq if role in states.LINE_STAFF else last_public_seq
    return last if left_seq is None else left_seq


@dataclass(frozen=True, slots=True)
class Standing:
    """Describes the state that the socket of a seat should have reached. `newest`: the number of the newest
    entry that the seat may see. `tab`: the number of the caller's newest tab, 0 if the token is invalid."""

    newest: int
    tab: int


def standings(members: Iterable[str]) -> dict[str, Standing]:
    """Returns the Standing of each of many seats, by member, in one query."""
    rows = Member.objects.filter(pk__in=members).values_list(
        "pk",
        Case(
            When(conversation__token_hash=None, then=0),
            default=F("conversation__tab"),
            output_field=IntegerField(),
        ),
        "role",
        "left_seq",
        "conversation__last_seq",
        "conversation__last_public_seq",
    )
    return {pk: Standing(newest_of(*rest), tab) for pk, tab, *rest in rows}


def see(seat: Seat, seq: int) -> None:
    """Marks entries up to `seq` as read by this seat. The mark never moves backwards, and never beyond the
    newest entry that the seat may see."""
    member = require_seat(seat)
    seq = min(seq, newest(member))
    if Member.objects.filter(pk=member.pk, seen_seq__lt=seq).update(seen_seq=seq):
        bells.ring_on_commit(bells.PeopleChanged(seat.conversation))


def _after(member: Member, seq: int) -> tuple[list[Entry], int]:
    """Returns the next entries above `seq`, and the number up to which they are complete."""
    upto = member.conversation.last_seq if member.left_seq is None else member.left_seq
    # An entry that was committed after `last_seq` was read belongs to the next slice, so `upto` bounds the
    # query.
    rows = list(_visible(member).filter(seq__gt=seq, seq__lte=upto).order_by("seq")[:MAX_ENTRIES_PER_QUERY])
    return rows, rows[-1].seq if len(rows) == MAX_ENTRIES_PER_QUERY else upto


def _visible(member: Member) -> QuerySet[Entry]:
    entries = Entry.objects.filter(conversation=member.conversation_id)
    if member.role not in states.LINE_STAFF:
        entries = entries.filter(audience=Entry.Audience.ALL)
    if not member.history:
        entries = entries.exclude(Q(kind__in=BEFORE_JOINING) & Q(seq__lt=member.joined_seq))
    return entries


def _last_visible(member: Member, seq: int) -> int:
    if seq == 0:
        return 0
    return _visible(member).filter(seq__lte=seq).order_by("-seq").values_list("seq", flat=True).first() or 0


def _deliver(member: Member, rows: list[Entry], prev: int) -> list[Delivered]:
    naming = {row.seq for row in rows if row.kind == "granted" and member.pk in row.facts["members"]}
    wraps = _wraps(member, [row.facts["epoch"] for row in rows if row.seq in naming])
    delivered = []
    for row in rows:
        if row.seq in naming:
            wrap, history = wraps.get(row.facts["epoch"], (None, ()))
            delivered.append(Delivered(row, prev, named=True, wrap=wrap, history=history))
        else:
            delivered.append(Delivered(row, prev))
        prev = row.seq
    return delivered


def _wraps(
    member: Member, grants: list[int]
) -> dict[int, tuple[bytes | None, tuple[tuple[int, bytes], ...]]]:
    """Returns, for each grant, this seat's wrap of the epoch that the grant opened, and the wraps of earlier
    epochs that the grant gave this seat."""
    found: dict[int, tuple[bytes | None, tuple[tuple[int, bytes], ...]]] = {}
    if not grants:
        return found
    conversation = member.conversation
    for row in Wrap.objects.filter(member=member, grant__in=grants).order_by("grant", "epoch"):
        opened = outer.open_wrap(
            bytes(row.sealed),
            conversation=conversation.pk,
            epoch=row.epoch,
            member=member.pk,
            slot=conversation.slot,
        )
        wrap, history = found.get(row.grant, (None, ()))
        if row.epoch == row.grant:
            wrap = opened
        elif opened is not None:
            history = (*history, (row.epoch, opened))
        found[row.grant] = (wrap, history)
    return found
