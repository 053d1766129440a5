"""Plays an evening on a helpline: callers come, wait, talk with counsellors and leave. `manage.py load` runs
it."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.people import Caller, Console
from benchmarks.person import Refused, new_id
from benchmarks.report import percentile
from benchmarks.signin import Person, SignIn, SignInRefused

SLOTS = 4
MESSAGES = (6, 40)  # of one conversation
THINKING = (4.0, 25.0)  # seconds before a message, at a pace of 1
GIVES_UP = 0.05  # the share of callers who hang up before it is their turn
ARRIVING = 0.7  # the share of the time in which callers come
TRIES_AGAIN_SECONDS = 1.0
READ_WITHIN_SECONDS = 30.0
BROKEN = (OSError, TimeoutError, Refused)


@dataclass(frozen=True)
class Plan:
    """Says how many people play, for how long, and how much faster than real people."""

    url: str
    callers: int
    counsellors: list[Person]
    lines: list[str]
    minutes: float
    pace: float = 1.0
    staff_url: str = ""  # if the staff have their own host


@dataclass
class Tally:
    """Counts what happened. Times are in seconds."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    deliveries: list[float] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Returns the summary, one line for each count or time."""
        words = [f"{name}: {count}" for name, count in sorted(self.counts.items())]
        words.append(f"wait until let in: {_spread(self.waits, 1, 's')}")
        words.append(f"delivery: {_spread(self.deliveries, 1000, 'ms')}")
        words.append(
            "refusals: " + (", ".join(f"{k} {n}" for k, n in sorted(self.refused.items())) or "none")
        )
        return words

    @property
    def lost(self) -> int:
        return self.counts["messages lost"]


class Evening:
    """Runs all players. `callers` is keyed by conversation, so that a counsellor who takes one finds its
    caller."""

    def __init__(self, plan: Plan, say: Callable[[str], None], chance: random.Random) -> None:
        self.plan = plan
        self.say = say
        self.chance = chance
        self.tally = Tally()
        self.callers: dict[str, Caller] = {}
        self.ends = 0.0

    async def play(self) -> Tally:
        consoles = [await self._sign_in(person) for person in self.plan.counsellors]
        begun = time.monotonic()
        self.ends = begun + self.plan.minutes * 60
        coming = [asyncio.create_task(self._come()) for _ in range(self.plan.callers)]
        working = [asyncio.create_task(self._work(console)) for console in consoles for _ in range(SLOTS)]
        while any(not task.done() for task in coming) and time.monotonic() < self.ends:
            await asyncio.wait(coming, timeout=min(5.0, self.plan.minutes * 6))
            self.say(self._progress(time.monotonic() - begun))
        await self._end([*coming, *working])
        for person in [*consoles, *self.callers.values()]:
            self.tally.refused.update(person.refused)
            await person.goodbye()
        return self.tally

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Interrupts the players who still talk or wait. A player that failed is counted by its error."""
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                self.tally.counts[f"broken by {type(result).__name__}"] += 1

    async def _sign_in(self, person: Person) -> Console:
        url = self.plan.staff_url or self.plan.url
        try:
            console = Console(url, await SignIn(url, person).run())
        except SignInRefused:
            self.say(f"{person.username} could not sign in.")
            raise
        await console.begin(SLOTS)
        self.tally.counts["counsellors on duty"] += 1
        return console

    # A caller

    async def _come(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, self.plan.minutes * 60 * ARRIVING))
        caller = Caller(
            self.plan.url, self.chance.choice(self.plan.lines), self.chance.choice((0, 0, 0, 1, 2))
        )
        try:
            await caller.start()
        except BROKEN as error:
            self.tally.counts[f"callers turned away ({_why(error)})"] += 1
            return
        self.tally.counts["callers"] += 1
        self.callers[caller.writer.conversation] = caller
        if self.chance.random() < GIVES_UP:
            await self._give_up(caller)
        await caller.has_ended.wait()
        self.tally.counts["conversations ended"] += 1

    async def _give_up(self, caller: Caller) -> None:
        await asyncio.sleep(self._thinking())
        if not caller.let_in.is_set() and not caller.present:
            self.tally.counts["callers who hung up"] += 1
            await caller.leave()

    # A counsellor, one task a slot

    async def _work(self, console: Console) -> None:
        while True:
            try:
                conversation = await console.take()
            except Refused as error:
                if error.code not in {"not_found", "conflict", "try_again"}:
                    raise
                await asyncio.sleep(TRIES_AGAIN_SECONDS * self.chance.uniform(0.5, 1.5))
                continue
            except TimeoutError:
                self.tally.counts["callers who did not let in"] += 1
                continue
            if (caller := self.callers.get(conversation)) is not None:
                await self._talk(console, caller)
            await self._close(console, conversation)

    async def _talk(self, console: Console, caller: Caller) -> None:
        """Plays a conversation: both write in turn, and each message is read before the next one is
        written."""
        conversation = caller.writer.conversation
        self.tally.waits.append(time.perf_counter() - caller.began)
        self.tally.counts["conversations begun"] += 1
        for number in range(self.chance.randint(*MESSAGES)):
            await asyncio.sleep(self._thinking())
            arrived = asyncio.Event()
            message, begun = new_id(), time.perf_counter()
            hears = _when(message, arrived)
            if number % 2:
                caller.on_message = hears
                console.say(conversation, message)
            else:
                console.on_message[conversation] = hears
                caller.say(message)
            try:
                await asyncio.wait_for(arrived.wait(), READ_WITHIN_SECONDS)
            except TimeoutError:
                self.tally.counts["messages lost"] += 1
                continue
            self.tally.counts["messages"] += 1
            self.tally.deliveries.append(time.perf_counter() - begun)

    async def _close(self, console: Console, conversation: str) -> None:
        try:
            await console.close(conversation)
        except Refused as error:
            self.tally.refused[error.code] += 1

    def _thinking(self) -> float:
        return self.chance.uniform(*THINKING) / self.plan.pace

    def _progress(self, seconds: float) -> str:
        counts = self.tally.counts
        waiting = counts["callers"] - counts["conversations begun"] - counts["callers who hung up"]
        return (
            f"{seconds:5.0f} s  callers {counts['callers']}, waiting {waiting}, "
            f"ended {counts['conversations ended']}, messages {counts['messages']}, lost {self.tally.lost}"
        )


def _when(message: str, arrived: asyncio.Event) -> Callable[[str], None]:
    """Returns a listener that sets `arrived` when it hears this message."""

    def hears(other: str) -> None:
        if other == message:
            arrived.set()

    return hears


def _why(error: Exception) -> str:
    return error.code if isinstance(error, Refused) else type(error).__name__


def _spread(values: list[float], scale: float, unit: str) -> str:
    if not values:
        return "none"
    shares = ((50, 0.50), (95, 0.95), (99, 0.99))
    return ", ".join(f"p{name} {percentile(values, share) * scale:.1f} {unit}" for name, share in shares)
