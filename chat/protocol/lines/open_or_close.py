"""Defines the frame that opens, throttles or closes a line by hand."""

from typing import Annotated, Literal

from msgspec import Meta

from chat.protocol.fields import Moment, Opaque
from chat.protocol.frames import Request


class Line(Request):
    """Opens or closes a line by hand, throttles it, or lets it follow its hours again. `most` is how many
    callers may wait; null means the general limit. `until` may be set only when a line is opened, and is at
    most a day ahead: from that time on, the line follows its hours again. If `until` is null, the server
    chooses the time at which the hours would close the line, but at most a day ahead."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None
    until: Moment | None = None
