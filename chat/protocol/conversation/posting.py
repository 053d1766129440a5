"""Frames that post messages and notes."""

from chat.protocol.fields import At, Bytes, Epoch, Id16, Seq, Urgency
from chat.protocol.frames import Ok, Request


class CallerPost(Request):
    """Posts a sealed message of the caller. `urgency` raises the urgency of a letter."""

    id: Id16
    epoch: Epoch
    box: Bytes
    urgency: Urgency | None = None


class Post(Request):
    """Posts a sealed message. In a letter, `answers` is the number of the caller's message to which this
    message replies."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes
    answers: Seq | None = None


class Note(Request):
    """Posts a sealed note that only the line's staff can see."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes


class PostOk(Ok):
    """Answers `post` and `note` after the message has been written to disk."""

    seq: int
    at: At
