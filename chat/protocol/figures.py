"""The coded form after a conversation, which feeds the counters."""

from chat.protocol.fields import Id16
from chat.protocol.frames import Request


class WrapUp(Request):
    """The coded form after a conversation."""

    conversation: Id16
    codes: dict[str, str]
