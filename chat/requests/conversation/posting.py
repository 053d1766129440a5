"""Handles posts and notes. While one transaction stores messages, new messages from all sockets of this
process are collected; the next transaction stores them together."""

from collections.abc import Sequence

from chat import bells, protocol, states
from chat.cases import writing as cases
from chat.conversation import posting, posting_sql
from chat.conversation.drafts import Draft, Posted
from chat.letters import answers, writing
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.declared import SEATED, request
from helpline.lib import clock
from helpline.lib.bridge import Batcher, has_loop_connection, in_database, on_loop
from helpline.lib.errors import Conflict

MAX_BATCH = 100  # messages in one transaction


async def _all(drafts: list[Draft]) -> Sequence[posting.Answer]:
    now = clock.now()
    if not has_loop_connection():
        return await in_database(posting.post_all, drafts, now=now)
    statement = posting_sql.statement(wait=False)
    rows = await on_loop(statement, posting_sql.parameters(drafts, now))
    return posting.settle(drafts, posting_sql.verdicts(drafts, rows), now, ring=bells.ring_here)


def _alone(draft: Draft) -> Posted:
    if draft.seat.role == states.SeatRole.CALLER:
        return writing.post(draft, now=clock.now())
    return posting.post_one(draft, now=clock.now())


store = Batcher(_all, _alone, max_batch=MAX_BATCH)


@request(protocol.CallerPost, consumers=CALLER, cost=0)
async def caller_post(consumer: consumers.Caller, asked: protocol.CallerPost) -> protocol.PostOk:
    draft = Draft(consumer.seat, asked.id, asked.epoch, protocol.wire_bytes(asked.box))
    if asked.urgency is None and not draft.is_case:
        return await _store(asked.ref, draft)
    post = cases.post if draft.is_case else writing.post
    return _posted(asked.ref, await in_database(post, draft, urgency=asked.urgency, now=clock.now()))


@request(protocol.Post, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=0)
async def post(consumer: consumers.Staff, asked: protocol.Post) -> protocol.PostOk:
    return await _post(consumer, asked, kind="message")


@request(protocol.Note, consumers=CONSOLE, may="note", scope="conversation", seat=SEATED, cost=0)
async def note(consumer: consumers.Console, asked: protocol.Note) -> protocol.PostOk:
    return await _post(consumer, asked, kind="note")


async def _post(
    consumer: consumers.Staff, asked: protocol.Post | protocol.Note, *, kind: str
) -> protocol.PostOk:
    box = protocol.wire_bytes(asked.box)
    seat = await consumer.seat_in(asked.conversation)
    draft, number = Draft(seat, asked.id, asked.epoch, box, kind), getattr(asked, "answers", None)
    if seat.role != states.SeatRole.LETTERS:
        if number is not None:
            raise Conflict
        if not draft.is_case:
            return await _store(asked.ref, draft)
    post = cases.post if draft.is_case else answers.post
    return _posted(asked.ref, await in_database(post, draft, answers=number, now=clock.now()))


async def _store(ref: str, draft: Draft) -> protocol.PostOk:
    return _posted(ref, await store(draft))


def _posted(ref: str, posted: Posted) -> protocol.PostOk:
    return protocol.PostOk(ref=ref, seq=posted.seq, at=clock.stamp(posted.at))
