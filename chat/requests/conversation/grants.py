"""Handles grants, by which the caller's browser gives the members who are present access to the
conversation."""

from chat import protocol
from chat.conversation import grants
from chat.conversation.grants import Share
from chat.protocol import CALLER
from chat.requests import consumers
from chat.requests.declared import request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Grant, consumers=CALLER, cost=0)
async def grant(consumer: consumers.Caller, asked: protocol.Grant) -> protocol.GrantOk:
    epoch = await in_database(
        grants.grant,
        consumer.seat,
        asked.epoch,
        [Share(row.member, asked.epoch, protocol.wire_bytes(row.wrap)) for row in asked.wraps],
        [Share(row.member, row.epoch, protocol.wire_bytes(row.wrap)) for row in asked.history],
        now=clock.now(),
    )
    return protocol.GrantOk(ref=asked.ref, epoch=epoch)
