"""Frames that open a new epoch."""

from msgspec import Struct

from chat.protocol.fields import Bytes, Epoch, Id8
from chat.protocol.frames import Ok, Request


class WrapFor(Struct, forbid_unknown_fields=True):
    """Holds the secret of the new epoch, sealed for one member."""

    member: Id8
    wrap: Bytes


class HistoryFor(Struct, forbid_unknown_fields=True):
    """Holds the secret of an earlier epoch, sealed for one member."""

    epoch: Epoch
    member: Id8
    wrap: Bytes


class Grant(Request):
    """Opens a new epoch and gives its secret to the members who are present."""

    epoch: Epoch
    wraps: list[WrapFor]
    history: list[HistoryFor]


class GrantOk(Ok):
    """Answers `grant`."""

    epoch: int
