"""Computes the board and the live view for supervisors. Each process computes a line's row no more than about
once a second, and encodes a frame only once for all viewers of the same lines."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chat import bells, protocol
from chat.bells import Bell
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

INTERVAL_SECONDS = 1.0


class Shown(Protocol):
    """Declares the attribute that a view needs of a row. A row describes one line in a frame."""

    line: str


class Viewer(Protocol):
    """Declares those members of a console's consumer that a view uses."""

    lines: tuple[str, ...]

    async def write_text(self, frame: str) -> None: ...


class View[Row: Shown]:
    """Sends rows to the consoles that watch the view. `make` computes one row for each line. `look_again` is
    the number of seconds after which a line is computed again even if no bell rang."""

    def __init__(
        self,
        make: Callable[[Collection[str], datetime], Sequence[Row]],
        frame: Callable[[str, list[Row]], msgspec.Struct],
        *,
        look_again: float,
    ) -> None:
        self.make = make
        self.frame = frame
        self.look_again = look_again
        self.viewers: dict[Viewer, list[Row] | None] = {}
        self.lines: dict[str, Row] = {}
        self.made_at: dict[str, float] = {}
        self.dirty: set[str] = set()
        self.making = asyncio.Lock()

    async def watch(self, consumer: Viewer) -> None:
        """Subscribes the consumer and sends its first frame. Lines that were computed less than
        INTERVAL_SECONDS ago are not computed again."""
        self.viewers[consumer] = None
        for line in consumer.lines:
            bells.listen(bells.line(line), self._hear)
        await self._refresh(consumer.lines, older=INTERVAL_SECONDS)
        await self._show([consumer])

    def stop(self, consumer: Viewer) -> None:
        self.viewers.pop(consumer, None)

    async def tell(self) -> None:
        """Runs one round: computes changed lines again, and sends a frame to each consumer whose lines differ
        from the last frame."""
        watched = {line for consumer in self.viewers for line in consumer.lines}
        await self._refresh(self.dirty & watched, older=0)
        await self._refresh(watched, older=self.look_again)
        await self._show(list(self.viewers))

    def _hear(self, bell: Bell) -> None:
        self.dirty.add(bell.topic.removeprefix("line:"))

    async def _refresh(self, lines: Collection[str], *, older: float) -> None:
        async with self.making:
            limit = time.monotonic() - older
            old = [line for line in lines if self.made_at.get(line, 0.0) <= limit]
            if not old:
                return
            self.dirty.difference_update(old)
            try:
                made = await in_database(self.make, old, clock.now())
            except TryAgain:
                self.dirty.update(old)
                return
            self.made_at |= dict.fromkeys(old, time.monotonic())
            # The row of an unchanged line stays the same object, so that each viewer can compare it cheaply.
            self.lines |= {one.line: one for one in made if one != self.lines.get(one.line)}

    async def _show(self, consumers: Sequence[Viewer]) -> None:
        at, lines, encoded = clock.stamp(clock.now()), dict(self.lines), dict[tuple[str, ...], str]()
        for consumer in consumers:
            shown = [lines[line] for line in consumer.lines if line in lines]
            if consumer not in self.viewers or self.viewers[consumer] == shown:
                continue
            self.viewers[consumer] = shown
            if consumer.lines not in encoded:
                encoded[consumer.lines] = protocol.write(self.frame(at, shown))
            await consumer.write_text(encoded[consumer.lines])
