"""Sends the state of a line (its queue, and who works there) to sockets of this process: those of waiting
callers and those of consoles that watch the line.

The state is read after a change, at most once a second. A frame is sent to a socket only if it differs from
the last frame of the same kind that was sent to this socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chat import bells, protocol
from chat.bells import Bell
from chat.letters import shelf
from chat.lines import open_now, staff
from chat.queue import estimates, rank
from chat.requests.letters import shelf_frame
from chat.requests.queue import queue_frame
from chat.requests.staff import colleagues_frame
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.base import Consumer
    from chat.consumers.console import ConsoleConsumer
    from counsellors.models import Person

MIN_INTERVAL_SECONDS = 1.0  # after a slow round, the pause is as long as the round
SOCKETS_BEFORE_YIELD = 50  # after this many sockets, other tasks may run
POLL_SECONDS = 15.0  # a line is read at least this often, because a bell can be lost


class _News(NamedTuple):
    """Describes the current state of a line. `minutes` has the expected wait for each number of callers
    ahead. That number is rounded in the same way as on the caller's page. `long` has the numbers of callers
    ahead for which the wait may exceed an hour.

    `until` is when the waiting ends, on a closed line without counsellors. `spoken` has the languages of
    waiting callers that a counsellor who is on duty or on a break speaks. `people` and the fields after it
    are read only if a console watches the line.
    """

    places: list[tuple[str, int, str]]
    served: dict[str, int]
    minutes: dict[int, estimates.Range | None]
    long: set[int]
    load: rank.Load
    open: bool
    until: str | None
    spoken: set[str]
    people: list[tuple[Person, str]]
    desks: list[str]
    on_call: str
    letters: protocol.LettersOut | None
    ended: bool

    def of(self, conversation: str, ahead: int, language: str) -> protocol.CallerQueueOut:
        """Returns the frame for the conversation's caller. If the conversation stopped waiting between the
        reads of `places` and `served`, `served` is 0. If nobody there speaks the caller's language, there is
        no estimate: it would be the wait of the other callers."""
        staffed = language in self.spoken
        return protocol.CallerQueueOut(
            ahead,
            self.minutes[ahead] if staffed else None,
            staffed and ahead in self.long,
            self.served.get(conversation, 0),
            closed=not self.open,
            until=self.until,
            staffed=staffed,
        )


class _LineNews:
    """Holds the sockets of this process that subscribed to one line, and the last frames that were sent to
    each of them."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.waiting: dict[str, Consumer] = {}  # conversation → its newest tab in this process
        self.told: dict[Consumer, msgspec.Struct] = {}
        self.told_of_people: dict[Consumer, msgspec.Struct] = {}
        self.told_of_letters: dict[Consumer, msgspec.Struct] = {}
        self.watching: set[ConsoleConsumer] = set()
        self.open = False
        self.dirty = True
        self.told_at = 0.0
        self.again_at = 0.0

    def hear(self, _bell: Bell) -> None:
        self.look()

    def look(self) -> None:
        self.dirty = True
        _wake.set()

    async def tell(self) -> None:
        self.dirty, self.told_at = False, time.monotonic()
        await self._tell()
        ended = time.monotonic()
        self.again_at = ended + max(MIN_INTERVAL_SECONDS - (ended - self.told_at), ended - self.told_at)

    async def _tell(self) -> None:
        try:
            found = await in_database(_news_of, self.line, bool(self.watching))
        except TryAgain:
            self.dirty = True
            return
        if self.open and not found.open:
            await self._say_that_it_closes()
        self.open = found.open
        for number, (conversation, ahead, language) in enumerate(found.places):
            if number % SOCKETS_BEFORE_YIELD == 0:
                await asyncio.sleep(0)
            if (consumer := self.waiting.get(conversation)) is not None:
                await self._show(consumer, found.of(conversation, ahead, language), self.told)
        for consumer in tuple(self.watching):
            await self._show(consumer, queue_frame(found.load, consumer.person), self.told)
            people = colleagues_frame(
                self.line,
                found.open,
                found.people,
                found.desks,
                found.on_call,
                consumer.person,
                ended=found.ended,
            )
            await self._show(consumer, people, self.told_of_people)
            if found.letters is not None:
                await self._show(consumer, found.letters, self.told_of_letters)

    async def _say_that_it_closes(self) -> None:
        """Sends the waiting callers the notice that the line takes no new callers. Callers who already wait
        keep their place."""
        for consumer in tuple(self.waiting.values()):
            await consumer.write(protocol.NoticeOut(code="line_closing"))

    async def _show(
        self, consumer: Consumer, frame: msgspec.Struct, told: dict[Consumer, msgspec.Struct]
    ) -> None:
        """Sends the frame to a socket unless it equals the last one. `told` maps each socket to the last
        frame of this kind that was sent to it."""
        if consumer.opened and told.get(consumer) != frame:
            told[consumer] = frame
            await consumer.write(frame)


_lines: dict[str, _LineNews] = {}
_wake = asyncio.Event()


def wait(line: str, conversation: str, consumer: Consumer) -> None:
    """Subscribes a caller's socket to the caller's place in the queue. The place is sent as long as the
    conversation waits."""
    news = _of(line)
    news.waiting[conversation] = consumer
    news.look()


def watch(line: str, consumer: ConsoleConsumer, told: msgspec.Struct) -> None:
    """Subscribes a console to the line's queue. `told` is the queue frame that was already sent to the
    console."""
    news = _of(line)
    news.watching.add(consumer)
    news.told[consumer] = told


def leave(line: str, consumer: Consumer, conversation: str = "") -> None:
    news = _of(line)
    news.watching.discard(consumer)
    news.told.pop(consumer, None)
    news.told_of_people.pop(consumer, None)
    news.told_of_letters.pop(consumer, None)
    if news.waiting.get(conversation) is consumer:  # otherwise a newer tab has subscribed
        del news.waiting[conversation]


def _news_of(line: str, with_people: bool) -> _News:
    places = [(pk, rank.rounded(ahead), language) for pk, ahead, language in rank.places(line)]
    shown = sorted({ahead for _, ahead, _ in places})
    now = clock.now()
    minutes = dict(zip(shown, estimates.ranges_for(line, shown, now=now), strict=True))
    long = {ahead for ahead, found in minutes.items() if estimates.may_take_an_hour(line, found, now=now)}
    served = rank.served_since(line)
    people = staff.people_of(line) if with_people else []
    desks = staff.desks_there() if with_people else []
    on_call = staff.on_call_of(line) if with_people else ""
    is_open, ends = open_now.for_waiting(line, now=now)
    until = clock.stamp_or_none(ends)
    there = staff.people_there(line)
    spoken = {code for code in {language for *_, language in places} if staff.is_spoken(code, there)}
    letters = shelf_frame(shelf.of(line, now=now)) if with_people else None
    ended = with_people and open_now.has_ended(line)
    return _News(
        *(places, served, minutes, long, rank.load(line), is_open, until, spoken),
        *(people, desks, on_call, letters, ended),
    )


async def run() -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_wake.wait(), 0.5)
        _wake.clear()
        now = time.monotonic()
        for news in tuple(_lines.values()):
            if now >= news.again_at and (news.dirty or now - news.told_at > POLL_SECONDS):
                await news.tell()
        soonest = min((news.again_at - now for news in _lines.values() if news.dirty), default=None)
        if soonest is not None:
            asyncio.get_running_loop().call_later(max(soonest, 0.01), _wake.set)


def _of(line: str) -> _LineNews:
    if line not in _lines:
        news = _lines[line] = _LineNews(line)
        bells.listen(bells.line(line), news.hear)
    return _lines[line]
