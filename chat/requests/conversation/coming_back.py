"""Handles requests to return to a conversation, and about return codes."""

from functools import partial
from typing import Any

from chat import protocol, states
from chat.conversation import coming_back
from chat.conversation.coming_back import Resumed
from chat.protocol import CALLER
from chat.requests import consumers
from chat.requests.conversation import opening
from chat.requests.declared import request
from chat.requests.retention.holds import standing_hold
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database
from helpline.lib.errors import BadFrame
from helpline.lib.scopes import OWN, PUBLIC

CODE_BYTES = 32
# The smallest box holds the nonce, an epoch's number and secret, and the tag.
MIN_BOX_BYTES = 12 + 4 + 32 + 16


@request(protocol.Resume, consumers=CALLER, opens=True, scope=OWN)
async def resume(consumer: consumers.Caller, asked: protocol.Resume) -> protocol.ResumeOk:
    resumed = await in_database(
        coming_back.resume, asked.conversation, asked.token, socket=consumer.socket, now=clock.now()
    )
    _sit(consumer, resumed, asked.since)
    return protocol.ResumeOk(ref=asked.ref, **_where(resumed))


@request(protocol.Return, consumers=CALLER, opens=True, scope=PUBLIC)
async def return_(consumer: consumers.Caller, asked: protocol.Return) -> protocol.ReturnOk:
    returned = await in_database(
        coming_back.return_by_code,
        asked.line,
        protocol.wire_bytes(asked.code, CODE_BYTES),
        socket=consumer.socket,
        now=clock.now(),
        user=protocol.wire_bytes(asked.user, CODE_BYTES) if asked.user is not None else None,
    )
    resumed = returned.resumed
    _sit(consumer, resumed, asked.since)
    return protocol.ReturnOk(
        ref=asked.ref,
        conversation=resumed.seat.conversation,
        token=returned.token,
        box=encoding.encode(returned.box),
        **_where(resumed),
    )


@request(protocol.KeepCode, consumers=CALLER, cost=2)
async def keep_code(consumer: consumers.Caller, asked: protocol.KeepCode) -> None:
    if asked.hash is None or asked.box is None:
        if asked.hash != asked.box:
            raise BadFrame
        await in_database(coming_back.forget_code, consumer.seat)
    else:
        digest, box = protocol.wire_bytes(asked.hash, CODE_BYTES), protocol.wire_bytes(asked.box)
        if len(box) < MIN_BOX_BYTES:
            raise BadFrame
        await in_database(coming_back.keep_code, consumer.seat, digest, box, now=clock.now())


def _sit(consumer: consumers.Caller, resumed: Resumed, since: int) -> None:
    following = consumer.sit(resumed.seat, resumed.line, since=since)
    consumer.after_reply += [
        following.deliver,
        following.tell_people,
        partial(following.ask_how_it_was, resumed.ticket),
    ]


def _as_callers_read(written: str) -> str | None:
    """Returns the letter's state as it is sent to callers. Callers are not told that a counsellor has taken
    the letter."""
    return "new" if written == states.Written.TAKEN else written or None


def _where(resumed: Resumed) -> dict[str, Any]:
    return {
        "member": resumed.seat.member,
        "path": resumed.path,
        "state": resumed.state,
        "urgency": resumed.urgency,
        "epoch": resumed.epoch,
        "seq": resumed.seq,
        "shelf": encoding.encode(resumed.shelf) if resumed.shelf else None,
        "keeps": opening.keeps(resumed.retention, resumed.purge_at, letter=bool(resumed.written)),
        "written": _as_callers_read(resumed.written),
        "due": clock.stamp_or_none(resumed.due),
        "queued": resumed.queued,
        "hold": standing_hold(resumed.hold) if resumed.hold else None,
    }
