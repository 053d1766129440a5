"""Frames about the holds and readings that wait for a second supervisor."""

from chat.protocol.frames import Ok, Request
from chat.protocol.retention.holds import HoldRow
from chat.protocol.retention.readings import ReadingRow


class ReviewApprovals(Request):
    """Asks for the requests to hold and to read, on all of the supervisor's lines, that wait for a second
    supervisor."""


class ReviewApprovalsOk(Ok):
    """Answers `reviewapprovals`. The supervisor's own requests are included."""

    holds: list[HoldRow]
    readings: list[ReadingRow]
