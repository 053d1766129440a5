"""What may be posted, and which error a refusal gets, in every state of a conversation. The rule is written
here a second time, in Python and in the contract's order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as ours
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat import states
from chat.conversation import posting
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import Seat
from chat.models import Conversation, Entry, Line, Member
from helpline.lib import encoding, rate_limit
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
)
from tests.support.domain.cast import a_box

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=1)
SMALL, LARGE = 352, 608
SECOND = 1_000_000  # microseconds

type Outcome = Posted | type[Refusal]
type Facts = dict[str, Any]
type Values = dict[str, list[Any]]


def allowance(role: str) -> tuple[float, float]:
    is_caller = role == "caller"
    return (ours.CALLER_BURST, ours.CALLER_RATE) if is_caller else (ours.STAFF_BURST, ours.STAFF_RATE)


def seat_as(role: str) -> Values:
    """Makes a seat whose burst allows only one post or two more, to the microsecond."""
    burst, rate = allowance(role)
    waits = [int((burst - left) * SECOND / rate) + late for left in (1, 2) for late in (0, 1)]
    return {
        "role": [role],
        "left_seq": [None, 1],
        "granted_at": [NOW, None],
        "epoch": [1, 0, 2],
        "rate_limited_until": [0, *(rate_limit.moment(NOW) + wait for wait in waits)],
    }


# Each fact has a usual value, and unusual ones.
CONVERSATION: Values = {
    "state": ["active", *states.Conversation],
    "expires_at": [NOW + timedelta(microseconds=1), NOW, NOW + ours.OPEN_SPAN],
    "epoch": [1, 0, 2],
    "tab": [1, 2],
    "token_hash": [bytes(32), None],
    "gone_at": [None, NOW],
    "last_seq": [3, *(ours.CONVERSATION_ENTRIES - left for left in range(3))],
    "sealed_bytes": [0, *(ours.CONVERSATION_BYTES - n * SMALL + late for n in (1, 2) for late in (0, 1))],
}
CALLER, *STAFF = map(seat_as, states.SeatRole)
POST: Values = {
    "epoch": [1, 0, 2],
    "tab": [1, 2],
    "size": [SMALL, LARGE],
    "is_note": [False, True],
    "known": ["nothing", "the same", "another box", "another kind", "somebody else's"],
}


def usual(values: Values, **odd: object) -> Facts:
    return {name: some[0] for name, some in values.items()} | odd


def drawn(values: Values) -> st.SearchStrategy[Facts]:
    """Draws states in which at most two facts are unusual, so that states near the rule's limits are drawn
    often."""
    odd = [st.tuples(st.just(name), st.sampled_from(some[1:])) for name, some in values.items() if some[1:]]
    return st.lists(st.one_of(odd), max_size=2).map(lambda some: usual(values, **dict(some)))


@dataclass
class Talk:
    """Holds a conversation and a seat, which may be of another conversation, as they were before the
    posts."""

    conversation: Facts
    member: Facts
    elsewhere: bool

    def forbids(self, post: Facts, seq: int) -> Outcome | None:
        """Returns the refusal that applies whatever else the post has: for the seat, the id, the end or the
        epoch. The id's entry would be at `seq`."""
        conversation, member = self.conversation, self.member
        is_caller = member["role"] == "caller"
        is_over = conversation["state"] not in {"waiting", "active"}
        is_named = is_caller or (member["granted_at"] and member["epoch"] == post["epoch"])
        order: list[tuple[object, Outcome]] = [
            (self.elsewhere or conversation["gone_at"], Gone),
            (is_caller and not conversation["token_hash"], Gone),
            (is_caller and conversation["tab"] != post["tab"], TakenOver),
            (not is_caller and member["left_seq"], NotFound),
            (post["known"] == "the same", Posted(seq, EARLIER)),
            (post["known"] in {"another box", "another kind"}, Replayed),
            (is_over or conversation["expires_at"] <= NOW, Ended),
            (not is_named or conversation["epoch"] != post["epoch"], StaleEpoch),
        ]
        return next((outcome for applies, outcome in order if applies), None)

    def outcomes(self, some: list[Facts]) -> list[Outcome]:
        """Returns the expected outcomes. A forbidden post uses no rate limit, and one above the rate limit
        uses no bytes."""
        burst, rate = allowance(self.member["role"])
        wait = max(self.member["rate_limited_until"] - rate_limit.moment(NOW), 0)
        many, seq, octets = 0, self.conversation["last_seq"], self.conversation["sealed_bytes"]
        outcomes: list[Outcome] = []
        for n, post in enumerate(some):
            outcome = self.forbids(post, n + 1)
            if outcome is None:
                many += 1
                outcome = SlowDown
                if wait * rate + many * SECOND <= burst * SECOND:
                    seq, octets = seq + 1, octets + post["size"]
                    is_full = seq > ours.CONVERSATION_ENTRIES or octets > ours.CONVERSATION_BYTES
                    outcome = HoldsNoMore if is_full else Posted(seq, NOW)
            outcomes.append(outcome)
        return outcomes


def make(line: Line, talk: Talk) -> tuple[Conversation, Member]:
    facts = {
        "line": line,
        "locale": "nl",
        "urgency": 0,
        "purge_at": NOW,
        "rank": 0,
        "opened_at": NOW,
        **talk.conversation,
    }
    row = Conversation.objects.create(last_public_seq=1, **facts)
    of = Conversation.objects.create(**facts) if talk.elsewhere else row
    when = {"joined_seq": 1, "joined_at": NOW, "presence_since": NOW}
    return row, Member.objects.create(conversation=of, **when, **talk.member)


def a_draft(conversation: str, member: Member, post: Facts) -> Draft:
    seat = Seat(conversation, member.pk, member.role, post["tab"])
    is_note = post["is_note"] and member.role in states.LINE_STAFF
    message, epoch = encoding.new_id(), post["epoch"]
    box = a_box(seat, epoch=epoch, message=message, kind=3 if is_note else 1, size=post["size"])
    return Draft(seat, message, epoch, box, "note" if is_note else "message")


def write_down(draft: Draft, known: str, seq: int) -> None:
    """Stores an entry with that id, as if it had been posted."""
    other_kind = {"message": "note", "note": "message"}[draft.kind]
    Entry.objects.create(
        conversation_id=draft.seat.conversation, seq=seq, message=draft.message, epoch=draft.epoch,
        by="somebody" if known == "somebody else's" else draft.seat.member, at=EARLIER,
        kind=other_kind if known == "another kind" else draft.kind,
        box=bytes(SMALL) if known == "another box" else draft.box,
    )  # fmt: skip


def alone(draft: Draft) -> posting.Answer:
    try:
        return posting.post_one(draft, now=NOW)
    except Refusal as refusal:
        return refusal


def log_of(conversation: Conversation) -> list[tuple[object, ...]]:
    """Returns what posting writes: the entries after the first three, and the conversation's counters."""
    conversation.refresh_from_db()
    entries = Entry.objects.filter(conversation=conversation, seq__gt=3).order_by("seq")
    counted = (conversation.last_seq, conversation.last_public_seq, conversation.sealed_bytes)
    return [counted, *((one.seq, one.kind, one.by, bytes(one.box or b""), one.at) for one in entries)]


@settings(max_examples=250)
@given(
    conversation=drawn(CONVERSATION),
    member=st.one_of(drawn(CALLER), *map(drawn, [CALLER, *STAFF])),
    elsewhere=st.sampled_from([False] * 19 + [True]),
    some=st.lists(drawn(POST), min_size=1, max_size=3),
)
@example(usual(CONVERSATION, gone_at=NOW, tab=2), usual(CALLER), False, [usual(POST)])
@example(usual(CONVERSATION), usual(STAFF[0], left_seq=1), False, [usual(POST, known="the same")])
@example(usual(CONVERSATION), usual(CALLER), False, [usual(POST, known="another box")])
def test_what_the_rule_forbids_is_refused_by_name_and_all_else_is_stored_once(
    helpwanted: Line, conversation: Facts, member: Facts, elsewhere: bool, some: list[Facts]
) -> None:
    talk = Talk(conversation, member, elsewhere)
    row, seat = make(helpwanted, talk)
    drafts = [a_draft(row.pk, seat, post) for post in some]
    for seq, (draft, post) in enumerate(zip(drafts, some, strict=True), 1):
        if post["known"] != "nothing":
            write_down(draft, post["known"], seq)
    together = posting.post_all(drafts, now=NOW) if len(drafts) > 1 else []
    assert elsewhere or None not in together, "only a seat that is not found could be locked"
    answers = [one or alone(draft) for one, draft in zip(together or [None], drafts, strict=True)]
    assert [one if isinstance(one, Posted) else type(one) for one in answers] == talk.outcomes(some)
    stale = [one.facts for one in answers if isinstance(one, StaleEpoch)]
    assert stale == [{"epoch": conversation["epoch"]}] * len(stale)
    stored = [(one, draft) for one, draft in zip(answers, drafts, strict=True) if isinstance(one, Posted)]
    new = [(one.seq, draft) for one, draft in stored if one.at == NOW]
    log = log_of(row)
    assert log == [
        (
            conversation["last_seq"] + len(new),
            max((seq for seq, draft in new if draft.kind == "message"), default=1),
            conversation["sealed_bytes"] + sum(len(draft.box) for _, draft in new),
        ),
        *((seq, draft.kind, seat.pk, draft.box, NOW) for seq, draft in new),
    ]
    seat.refresh_from_db()
    begins = max(member["rate_limited_until"], rate_limit.moment(NOW))
    after = begins + len(new) * SECOND / allowance(seat.role)[1] if new else member["rate_limited_until"]
    assert seat.rate_limited_until == after
    assert [posting.post_one(draft, now=NOW) for _, draft in stored] == [one for one, _ in stored]
    assert log_of(row) == log, "and once it is there, it is known"
