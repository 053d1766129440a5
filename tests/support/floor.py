"""Reads a `floor` frame, for a supervisor of one line."""

from typing import Any

from tests.support.frames import Frame

LOOKING = 15.0  # seconds: a floor is made once a second, on a machine that others use


def row(frame: Frame) -> dict[str, Any]:
    """Returns the live view of the supervisor's only line."""
    (line,) = frame["lines"]
    found: dict[str, Any] = line
    return found


def waiting(frame: Frame, conversation: str) -> dict[str, Any] | None:
    return next((one for one in row(frame)["waiting"] if one["conversation"] == conversation), None)


def talks(frame: Frame) -> dict[str, dict[str, Any]]:
    return {talk["conversation"]: talk for one in row(frame)["people"] for talk in one["conversations"]}
