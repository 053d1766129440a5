"""Posting and notes: the messages of all sockets of this process, batched while a commit is under way."""

from collections.abc import Sequence

from chat import protocol
from chat.conversation import posting
from chat.conversation.posting import Draft, Posted
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import doors
from chat.requests.declared import SEATED, request
from helpline.lib import clock
from helpline.lib.bridge import Batcher
from helpline.lib.errors import Refusal

MAX_BATCH = 100  # messages in one transaction


def _all(drafts: list[Draft]) -> Sequence[Posted | Refusal | None]:
    return posting.post_all(drafts, now=clock.now())


def _alone(draft: Draft) -> Posted:
    return posting.post(draft.seat, draft.message, draft.epoch, draft.box, kind=draft.kind, now=clock.now())


store = Batcher(_all, _alone, max_batch=MAX_BATCH)


@request(protocol.CallerPost, doors=CALLER)
async def caller_post(door: doors.Caller, asked: protocol.CallerPost) -> protocol.PostOk:
    return await _store(asked.ref, Draft(door.seat, asked.id, asked.epoch, protocol.wire_bytes(asked.box)))


@request(protocol.Post, doors=(CONSOLE, DESK), wall="conversation", seat=SEATED)
async def post(door: doors.Staff, asked: protocol.Post) -> protocol.PostOk:
    return await _post(door, asked, kind="message")


@request(protocol.Note, doors=CONSOLE, may="note", wall="conversation", seat=SEATED)
async def note(door: doors.Console, asked: protocol.Note) -> protocol.PostOk:
    return await _post(door, asked, kind="note")


async def _post(door: doors.Staff, asked: protocol.Post | protocol.Note, *, kind: str) -> protocol.PostOk:
    box = protocol.wire_bytes(asked.box)
    seat = await door.seat_in(asked.conversation)
    return await _store(asked.ref, Draft(seat, asked.id, asked.epoch, box, kind))


async def _store(ref: str, draft: Draft) -> protocol.PostOk:
    posted = await store(draft)
    return protocol.PostOk(ref=ref, seq=posted.seq, at=clock.stamp(posted.at))
