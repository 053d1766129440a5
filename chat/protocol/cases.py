"""Frames about removal cases: whether a line keeps them, and the counts of their results."""

from typing import Annotated, Literal

from msgspec import Meta

from chat.protocol.fields import Id16, Opaque
from chat.protocol.frames import Request


class SetCases(Request):
    """Sets whether a line keeps removal cases."""

    line: Opaque
    cases: bool


class CaseResult(Request):
    """Counts one result for an item of a conversation's removal case. Exactly one of `platform`, `what`,
    `outcome` and `days` has a value; the other three are null."""

    conversation: Id16
    item: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    platform: str | None = None
    what: Literal["image", "video", "profile", "group", "other"] | None = None
    outcome: Literal["removed", "gone", "refused", "silent", "dropped"] | None = None
    days: Literal["0-1", "2-7", "8-30", "more"] | None = None
