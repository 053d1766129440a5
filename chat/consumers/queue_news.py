"""Queue news for everybody who waits or watches in this process: one query a line and change,
at most once a second, and only to sockets whose shown text changes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chat import bells, protocol
from chat.bells import Bell
from chat.lines import open_now
from chat.queue import estimates, rank
from chat.requests.queue import queue_frame
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.base import Door

AT_MOST_EVERY = 1.0  # seconds
LOOK_AGAIN = 15.0  # seconds: a lost bell


class _News(NamedTuple):
    """A line as it is now; `places` and `minutes` by the number of callers before, as it is shown."""

    places: list[tuple[str, int]]
    minutes: dict[int, estimates.Range | None]
    load: rank.Load
    open: bool


class _LineNews:
    """One line, as this process's sockets were told."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.waiting: dict[str, Door] = {}  # conversation → its newest tab here
        self.told: dict[Door, msgspec.Struct] = {}
        self.watching: set[Door] = set()
        self.open = False
        self.dirty = True
        self.told_at = 0.0

    def hear(self, _bell: Bell) -> None:
        self.look()

    def look(self) -> None:
        self.dirty = True
        _wake.set()

    async def tell(self) -> None:
        self.dirty, self.told_at = False, time.monotonic()
        try:
            found = await in_database(_news_of, self.line)
        except TryAgain:
            self.dirty = True
            return
        if self.open and not found.open:
            await self._say_that_it_closes()
        self.open = found.open
        for conversation, ahead in found.places:
            if (door := self.waiting.get(conversation)) is not None:
                await self._show(door, protocol.CallerQueueOut(ahead=ahead, minutes=found.minutes[ahead]))
        for door in tuple(self.watching):
            await self._show(door, queue_frame(found.load))

    async def _say_that_it_closes(self) -> None:
        """Nobody new enters; those who wait are still served, and know it."""
        for door in tuple(self.waiting.values()):
            await door.write(protocol.NoticeOut(code="line_closing"))

    async def _show(self, door: Door, frame: msgspec.Struct) -> None:
        if door.opened and self.told.get(door) != frame:
            self.told[door] = frame
            await door.write(frame)


_lines: dict[str, _LineNews] = {}
_wake = asyncio.Event()


def wait(line: str, conversation: str, door: Door) -> None:
    """A caller's socket: told its place for as long as the conversation waits."""
    news = _of(line)
    news.waiting[conversation] = door
    news.look()


def watch(line: str, door: Door, told: msgspec.Struct) -> None:
    """A console: told when the line's sums differ from what it knows."""
    news = _of(line)
    news.watching.add(door)
    news.told[door] = told


def leave(line: str, door: Door, conversation: str = "") -> None:
    news = _of(line)
    news.watching.discard(door)
    news.told.pop(door, None)
    if news.waiting.get(conversation) is door:  # not a newer tab's place
        del news.waiting[conversation]


def _news_of(line: str) -> _News:
    places = [(conversation, rank.rounded(ahead)) for conversation, ahead in rank.places(line)]
    shown = sorted({ahead for _, ahead in places})
    minutes = dict(zip(shown, estimates.ranges_for(line, shown, now=clock.now()), strict=True))
    return _News(places, minutes, rank.load(line), open_now.opening(open_now.find(line)).open)


async def run() -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_wake.wait(), 0.5)
        _wake.clear()
        now = time.monotonic()
        for news in tuple(_lines.values()):
            since = now - news.told_at
            if since > LOOK_AGAIN or (news.dirty and since >= AT_MOST_EVERY):
                await news.tell()
        soonest = min(
            (news.told_at + AT_MOST_EVERY - now for news in _lines.values() if news.dirty), default=None
        )
        if soonest is not None:
            asyncio.get_running_loop().call_later(max(soonest, 0.01), _wake.set)


def _of(line: str) -> _LineNews:
    if line not in _lines:
        news = _lines[line] = _LineNews(line)
        bells.listen(bells.line(line), news.hear)
    return _lines[line]
