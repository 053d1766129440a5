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
    """Defines what every frame from a client has in common. Each is answered by exactly one `ok` or `error`
    with the same `ref`.

    Its name on the wire is its class name in lower case, without a leading `Caller`, which distinguishes a
    caller's request from the same request of the staff.
    """

    ref: Ref


class Frame(
    Struct,
    tag_field="type",
    tag=lambda name: name.removeprefix("Caller").removesuffix("Out").lower(),
    kw_only=True,
):
    """Defines what every frame from the server has in common. `to` names the consumers whose clients are sent
    the frame. On the wire, `FloorOut` is `floor`."""

    to: ClassVar[tuple[str, ...]] = ()


class Ok(Frame, tag="ok"):
    """Replies to a request that succeeded. A subclass adds the fields of the reply to one request."""

    ref: str


class Error(Frame):
    """Replies to a request that was refused. `ref` is null if it could not be read.

    `refer` is true if the caller can be referred to the service although it cannot be invited. `challenge` is
    an altcha challenge as JSON, which has to be solved before the next try. `again` is how many seconds to
    wait before the next try. `at` is when the return code was replaced. `field` is the form's field that is
    wrong.
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
