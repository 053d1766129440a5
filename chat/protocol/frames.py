"""The base of every frame, and frames of the connection itself."""

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
    """A frame from a client. It is answered by exactly one `ok` or `error` with the same `ref`.

    Its wire name is its class name in small letters, without a leading `Caller`, which tells a caller's
    request from the staff's.
    """

    ref: Ref


class Frame(
    Struct,
    tag_field="type",
    tag=lambda name: name.removeprefix("Caller").removesuffix("Out").lower(),
    kw_only=True,
):
    """A frame that the server sends to the consumers in `to`. `FloorOut` is `floor` on the wire."""

    to: ClassVar[tuple[str, ...]] = ()


class Ok(Frame, tag="ok"):
    """The one reply of a request that succeeded; each request's own fields are beside `ref`."""

    ref: str


class Error(Frame):
    """The one reply of a request that was refused. `ref` is null when it could not be read.

    `refer`: the service can only be referred to. `challenge`: an altcha challenge as JSON, to be solved
    before the next try; `again`: after how many seconds another try makes sense. `at`: when the
    return code was replaced. `field`: the field of a form that is wrong.
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
