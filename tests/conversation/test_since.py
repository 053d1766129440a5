"""`since` is the only rule of delivery: a socket gets everything that it missed, once and in order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.conversation import log, quick_exit
from chat.conversation.seats import Seat
from chat.models import Conversation, Entry, Line, Member
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import a_caller
from tests.support.domain.rival import faster

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SEATS = ("caller", "counsellor", "partner", "partner without history")


def a_seat(conversation: Conversation, role: str, *, history: bool, joined: int, left: int | None) -> Seat:
    member = Member.objects.create(
        conversation=conversation,
        role=role,
        joined_seq=joined,
        joined_at=NOW,
        presence_since=NOW,
        history=history,
        left_seq=left,
    )
    return Seat(conversation.pk, member.pk, role, 1 if role == "caller" else 0)


def may_see(entry: Entry, seat: str, joined: int) -> bool:
    """Returns what a seat may see, by the rule in the documentation and without the query."""
    if entry.audience == Entry.Audience.LINE and seat != "counsellor":
        return False
    hidden = entry.kind in {"message", "invited", "referred"} and entry.seq < joined
    return not (seat == "partner without history" and hidden)


@settings(max_examples=60)
@given(
    rows=st.lists(st.sampled_from(["message", "note", "joined", "referred"]), min_size=1, max_size=25),
    who=st.sampled_from(SEATS),
    joined=st.integers(1, 25),
    left=st.none() | st.integers(1, 25),
    steps=st.lists(st.integers(0, 25), max_size=4),
)
def test_the_slices_of_any_two_reads_join_into_what_the_seat_may_see(
    helpwanted: Line, rows: list[str], who: str, joined: int, left: int | None, steps: list[int]
) -> None:
    conversation = Conversation.objects.create(
        line=helpwanted, locale="nl", urgency=0, state="active", opened_at=NOW, expires_at=NOW,
        purge_at=NOW, rank=0,
        last_seq=len(rows), last_public_seq=len(rows), token_hash=bytes(32),
    )  # fmt: skip
    entries = [
        Entry.objects.create(
            conversation=conversation, seq=n, kind=kind, at=NOW, audience=int(kind == "note")
        )
        for n, kind in enumerate(rows, 1)
    ]
    left = None if left is None or left > len(rows) or who == "caller" else left
    seat = a_seat(
        conversation, who.split(maxsplit=1)[0], history="without" not in who, joined=joined, left=left
    )
    expected = [e.seq for e in entries if may_see(e, who, joined) and (left is None or e.seq <= left)]
    for start in (0, *steps):
        try:
            part = log.since(seat, start)
        except NotFound:
            assert left is not None
            assert start >= left
            continue
        assert [d.entry.seq for d in part.entries] == [seq for seq in expected if seq > start]
        before = [seq for seq in expected if seq <= start]
        for delivered in part.entries:
            assert delivered.prev == (before[-1] if before else 0)
            before.append(delivered.entry.seq)
        assert part.over == (left is not None)


def test_a_long_log_comes_in_slices_that_join(helpwanted: Line) -> None:
    many = log.MAX_ENTRIES_PER_QUERY + 7
    conversation = Conversation.objects.create(
        line=helpwanted, locale="nl", urgency=0, state="active", opened_at=NOW, expires_at=NOW,
        purge_at=NOW, rank=0,
        last_seq=many, last_public_seq=many, token_hash=bytes(32),
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(conversation=conversation, seq=n, kind="requeued", at=NOW) for n in range(1, many + 1)
    )
    seat = a_seat(conversation, "counsellor", history=True, joined=1, left=None)
    first = log.since(seat, 0)
    second = log.since(seat, first.upto)
    assert [d.entry.seq for d in (*first.entries, *second.entries)] == list(range(1, many + 1))
    assert second.upto == many


def test_where_many_seats_stand_is_one_query_and_a_dead_token_has_no_tab(helpwanted: Line) -> None:
    anna, bilal = a_caller(), a_caller()
    quick_exit.exit_quickly(bilal.conversation, bilal.opened.token, now=clock.now())
    found = log.standings([anna.seat.member, bilal.seat.member, "unknown"])
    assert found == {
        anna.seat.member: log.Standing(newest=1, tab=1),
        bilal.seat.member: log.Standing(newest=2, tab=0),
    }


def test_reading_on_is_told_once_also_when_two_tabs_say_so(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = a_caller()
    told: list[object] = []
    monkeypatch.setattr("chat.bells.ring_on_commit", told.append)
    with faster('UPDATE "chat_member"', lambda: Member.objects.update(seen_seq=1)):
        log.see(anna.seat, 1)
    assert told == []
    assert Member.objects.get(pk=anna.seat.member).seen_seq == 1
