"""Posting and notes: the messages of all sockets of this process, batched while a commit is under way."""

from collections.abc import Sequence

from chat import bells, protocol
from chat.conversation import posting, posting_sql
from chat.conversation.drafts import Draft, Posted
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.declared import SEATED, request
from helpline.lib import clock
from helpline.lib.bridge import Batcher, has_loop_connection, in_database, on_loop

MAX_BATCH = 100  # messages in one transaction


async def _all(drafts: list[Draft]) -> Sequence[posting.Answer]:
    now = clock.now()
    if not has_loop_connection():
        return await in_database(posting.post_all, drafts, now=now)
    statement = posting_sql.statement(wait=False)
    rows = await on_loop(statement, posting_sql.parameters(drafts, now))
    return posting.settle(drafts, posting_sql.verdicts(drafts, rows), now, ring=bells.ring_here)


def _alone(draft: Draft) -> Posted:
    return posting.post_one(draft, now=clock.now())


store = Batcher(_all, _alone, max_batch=MAX_BATCH)


@request(protocol.CallerPost, consumers=CALLER, cost=0)
async def caller_post(consumer: consumers.Caller, asked: protocol.CallerPost) -> protocol.PostOk:
    return await _store(
        asked.ref, Draft(consumer.seat, asked.id, asked.epoch, protocol.wire_bytes(asked.box))
    )


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
    return await _store(asked.ref, Draft(seat, asked.id, asked.epoch, box, kind))


async def _store(ref: str, draft: Draft) -> protocol.PostOk:
    posted = await store(draft)
    return protocol.PostOk(ref=ref, seq=posted.seq, at=clock.stamp(posted.at))
