"""The board for the supervisors of this process: made once a line and second, however many look."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from chat import bells, protocol
from chat.bells import Bell
from chat.board import LineBoard, boards
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.console import ConsoleDoor

EVERY = 1.0  # seconds
LOOK_AGAIN = 10.0  # seconds: what rings no bell, such as a count that time changes

_viewers: dict[ConsoleDoor, list[protocol.BoardLine]] = {}
_lines: dict[str, protocol.BoardLine] = {}
_dirty: set[str] = set()
_looked_at = 0.0


async def watch(door: ConsoleDoor) -> None:
    """From now on; the first board comes with the reply."""
    _viewers[door] = []
    for line in door.lines:
        bells.listen(bells.line(line), _hear)
    await _refresh(set(door.lines))
    await _show(door)


def stop(door: ConsoleDoor) -> None:
    _viewers.pop(door, None)


async def run() -> None:
    global _looked_at  # noqa: PLW0603
    while True:
        await asyncio.sleep(EVERY)
        if not _viewers:
            continue
        watched = {line for door in _viewers for line in door.lines}
        if time.monotonic() - _looked_at > LOOK_AGAIN:
            _looked_at = time.monotonic()
            _dirty.update(watched)
        await _refresh(_dirty & watched)
        for door in tuple(_viewers):
            await _show(door)


def _hear(bell: Bell) -> None:
    _dirty.add(bell.topic.removeprefix("line:"))


async def _refresh(lines: set[str]) -> None:
    _dirty.difference_update(lines)
    try:
        for made in await in_database(boards, lines, now=clock.now()):
            _lines[made.line] = _frame(made)
    except TryAgain:
        _dirty.update(lines)


async def _show(door: ConsoleDoor) -> None:
    lines = [_lines[line] for line in door.lines if line in _lines]
    if lines != _viewers.get(door):
        _viewers[door] = lines
        await door.write(protocol.BoardOut(at=clock.stamp(clock.now()), lines=lines))


def _frame(made: LineBoard) -> protocol.BoardLine:
    return protocol.BoardLine(
        line=made.line,
        state="open" if made.open else "closed",
        waiting=made.waiting,
        oldest=clock.stamp(made.oldest) if made.oldest else None,
        urgent=made.urgent,
        active=made.active,
        on=made.on,
        break_=made.on_break,
        slots=made.slots,
        free=made.free,
        answered=made.answered,
        within=made.within,
        abandoned=made.abandoned,
        overdue=made.overdue,
    )
