"""Defines the base classes of all frames, and the replies `ok` and `error`."""

from typing import ClassVar

from msgspec import UNSET, Struct, UnsetType

from chat.protocol.fields import At, Ref

CALLER, CONSOLE, DESK = "caller", "console", "desk"  # the consumers: /ws/<consumer>/


class Request(
    Struct,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=lambda name: name.removeprefix("Caller").lower(),
    kw_only=True,
):
    """Defines what every frame from a client has in common. The server answers each request with exactly one
    `ok` or `error` that has the same `ref`.

    A request's name on the wire is its class name in lower case, without a leading `Caller`. In Python, that
    prefix distinguishes a caller's request from the same request of the staff.
    """

    ref: Ref


class Frame(
    Struct,
    tag_field="type",
    tag=lambda name: name.removeprefix("Caller").removesuffix("Out").lower(),
    kw_only=True,
):
    """Defines what every frame from the server has in common. `to` lists the consumers to whose clients the
    frame is sent. A frame's name on the wire is its class name in lower case, without a leading `Caller` and
    without the ending `Out`."""

    to: ClassVar[tuple[str, ...]] = ()


class Ok(Frame, tag="ok"):
    """Replies to a request that succeeded. A subclass adds the fields of the reply to one request."""

    ref: str


class Error(Frame):
    """Replies to a request that was refused. `ref` is null if the request's `ref` could not be read.

    `refer` is true if the caller can be referred to the service although the service cannot be invited.
    `challenge` is an altcha challenge as JSON, which has to be solved before the next try. `again` is how
    many seconds to wait before the next try. `at` is when the return code was replaced. `field` is the field
    of the form whose value is wrong.
    """

    ref: str | None
    code: str
    detail: str
    epoch: int | UnsetType = UNSET
    members: list[str] | UnsetType = UNSET
    opens: At | None | UnsetType = UNSET
    state: str | UnsetType = UNSET
    refer: bool | UnsetType = UNSET
    challenge: str | UnsetType = UNSET
    again: int | UnsetType = UNSET
    at: At | UnsetType = UNSET
    field: str | UnsetType = UNSET
