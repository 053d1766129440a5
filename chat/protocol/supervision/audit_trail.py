"""Frames about the newest rows of the audit trail."""

from msgspec import Struct

from chat.protocol.fields import At
from chat.protocol.frames import Ok, Request


class Trail(Request):
    """Asks for the newest rows of the audit that are about devices, keys, readings, holds, or supervisors'
    changes to lines."""


class TrailRow(Struct):
    """Represents a row of the audit, with codes and names but no content. `alias` is that of the person who
    acted, or empty for the system.

    `about` is the person, the device's owner, the line or the conversation that the row is about. It is empty
    if the row's subject no longer exists or belongs to another line.
    """

    at: At
    alias: str
    action: str
    about: str
    detail: str


class TrailOk(Ok):
    """Answers `trail`."""

    rows: list[TrailRow]
