"""What the statement takes and what `why_not` says are one rule, in whatever state a conversation is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as ours
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import states
from chat.conversation import posting_sql
from chat.conversation.drafts import Draft
from chat.conversation.posting_refusals import why_not
from chat.conversation.seats import Seat
from chat.models import Conversation, Entry, Line, Member
from helpline.lib import encoding, rate_limit
from helpline.lib.errors import Refusal
from tests.support.domain.cast import a_box

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BOX = 352


def mostly(usual: object, *odd: object) -> st.SearchStrategy[Any]:
    """Most states are fine in all but a thing or two: what is next to the rule's edges."""
    return st.sampled_from([*[usual] * 4 * len(odd), *odd])


conversations = st.fixed_dictionaries(
    {
        "state": mostly("active", "waiting", "ended", *states.Conversation),
        "opened_at": mostly(
            NOW - ours.OPEN_SPAN + timedelta(microseconds=1),
            NOW,
            NOW - ours.OPEN_SPAN,
            NOW - 2 * ours.OPEN_SPAN,
        ),
        "epoch": mostly(1, 0, 2),
        "tab": mostly(1, 2),
        "token_hash": mostly(bytes(32), None),
        "gone_at": mostly(None, NOW),
        "last_seq": mostly(1, ours.CONVERSATION_ENTRIES - 1, ours.CONVERSATION_ENTRIES),
        "sealed_bytes": mostly(0, ours.CONVERSATION_BYTES - BOX, ours.CONVERSATION_BYTES - BOX + 1),
    }
)
# Around what the two bursts allow, to the microsecond.
WAITS = (5_900_000, 5_900_001, 9_000_000, 9_000_001)
members = st.fixed_dictionaries(
    {
        "role": st.sampled_from(states.SeatRole),
        "left_seq": mostly(None, 1),
        "granted_at": mostly(NOW, None),
        "epoch": mostly(1, 0, 2),
        "rate_limited_until": mostly(0, *(rate_limit.moment(NOW) + wait for wait in WAITS)),
    }
)


def is_taken(draft: Draft) -> bool:
    return draft.key in posting_sql.store([draft], NOW, wait=False)


def is_refused(draft: Draft) -> bool:
    """Also where it is stored already: it is not stored again."""
    try:
        return why_not(draft, NOW) is not None
    except Refusal:
        return True


@settings(max_examples=250)
@given(
    conversation=conversations,
    member=members,
    epoch=mostly(1, 0, 2),
    tab=mostly(1, 2),
    known=mostly("nothing", "the same", "another box", "somebody else's"),
    elsewhere=mostly(False, True),
)
def test_whatever_is_not_taken_is_refused_and_nothing_else_is(
    helpwanted: Line, conversation: dict[str, Any], member: dict[str, Any], epoch: int, tab: int, known: str,
    elsewhere: bool,
) -> None:  # fmt: skip
    row, other = (
        Conversation.objects.create(
            line=helpwanted, locale="nl", urgency=0, purge_at=NOW, rank=0, last_public_seq=1, **conversation
        )
        for _ in range(2)
    )
    seat_row = Member.objects.create(
        conversation=other if elsewhere else row, joined_seq=1, joined_at=NOW, presence_since=NOW, **member
    )
    seat = Seat(row.pk, seat_row.pk, seat_row.role, tab)
    message = encoding.new_id()
    draft = Draft(seat, message, epoch, a_box(seat, epoch=epoch, message=message))
    if known != "nothing":
        Entry.objects.create(
            conversation=row, seq=1, kind="message", at=NOW, message=message, epoch=epoch,
            by="somebody" if known == "somebody else's" else seat.member,
            box=draft.box if known == "the same" else bytes(BOX),
        )  # fmt: skip
    refused = is_refused(draft)
    assert is_taken(draft) != refused
    row.refresh_from_db()
    seat_row.refresh_from_db()
    stored = Entry.objects.filter(conversation=row, seq=conversation["last_seq"] + 1)
    assert stored.exists() != refused
    assert row.last_seq == conversation["last_seq"] + (not refused)
    assert row.sealed_bytes == conversation["sealed_bytes"] + BOX * (not refused)
    assert (seat_row.rate_limited_until > member["rate_limited_until"]) != refused
    assert is_refused(draft), "and once it is there, it is known"
    assert not is_taken(draft)
