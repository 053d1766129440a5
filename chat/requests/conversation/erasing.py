"""Handles a caller's request to erase their conversation."""

from chat import protocol
from chat.conversation import erasing
from chat.protocol import CALLER
from chat.requests import consumers
from chat.requests.declared import request
from chat.requests.retention.holds import standing_hold
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Erase, consumers=CALLER)
async def erase(consumer: consumers.Caller, asked: protocol.Erase) -> protocol.EraseOk:
    erased = await in_database(erasing.erase, consumer.seat, now=clock.now())
    if erased.hold is None:
        return protocol.EraseOk(ref=asked.ref, copies=erased.copies)
    hold = standing_hold(erased.hold)
    return protocol.EraseOk(ref=asked.ref, copies=erased.copies, held=True, hold=hold)
