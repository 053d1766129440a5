"""Sends the board and the live view to the supervisors who are connected to this process, once a second."""

import asyncio

from chat import protocol
from chat.consumers.live import INTERVAL_SECONDS, View
from chat.requests.supervision.board import BOARD, FLOOR, board_frames, floor_frames

VIEWS: dict[str, View[protocol.BoardLine] | View[protocol.FloorLine]] = {
    BOARD: View(board_frames, lambda at, lines: protocol.BoardOut(at=at, lines=lines), look_again=2.0),
    # For some changes no bell of the line is rung, for example a new message or a phone that goes to sleep.
    FLOOR: View(
        floor_frames, lambda at, lines: protocol.FloorOut(at=at, lines=lines), look_again=INTERVAL_SECONDS
    ),
}


async def run() -> None:
    while True:
        await asyncio.sleep(INTERVAL_SECONDS)
        for view in VIEWS.values():
            await view.tell()
