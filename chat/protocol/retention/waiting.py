"""Frames about the holds and readings that wait for a second supervisor."""

from chat.protocol.frames import Ok, Request
from chat.protocol.retention.holds import HoldRow
from chat.protocol.retention.readings import ReadingRow


class ReviewApprovals(Request):
    """Asks for the holds and readings that wait for a second supervisor, on all of the supervisor's lines."""


class ReviewApprovalsOk(Ok):
    """Answers `reviewapprovals`. Holds and readings that the supervisor requested are included."""

    holds: list[HoldRow]
    readings: list[ReadingRow]
