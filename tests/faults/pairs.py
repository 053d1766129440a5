"""Lets a caller and a counsellor talk through a fault, and records what was sent, acknowledged and seen."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.signin import Person
from tests.support.cast import counsellors, signed_in
from tests.support.frames import Disconnected
from tests.support.people import (
    CallerClient,
    CounsellorClient,
    Frame,
    Posted,
    Refused,
    SeatClient,
    WireClient,
    compare,
)
from tests.support.platform import Platform
from tests.support.transcript import Transcript

AGAIN = 5  # seconds in which a broken stack recovers


class Watched(WireClient):
    """Represents a client that reconnects by itself, and remembers the codes of refusals and of closes."""

    def __init__(self, *urls: str, **options: Any) -> None:
        super().__init__(*urls, **{"stays": True} | options)
        self.refusals: list[str] = []
        self.closings: list[int | None] = []

    async def request(self, request_type: str, **options: Any) -> Frame:
        try:
            return await super().request(request_type, **options)
        except Refused as error:
            self.refusals.append(error.code)
            raise

    async def raw(self, data: str | bytes) -> None:
        # A closing socket refuses at once and without a pause, so its reader needs a turn to notice.
        await asyncio.sleep(0)
        await super().raw(data)

    def _lost(self, code: int | None) -> None:
        self.closings.append(code)
        super()._lost(code)


class Phone(Watched, CallerClient):
    """Represents a caller's client."""


class Console(Watched, CounsellorClient):
    """Represents a counsellor's client."""


@dataclass
class Pair:
    """Represents one conversation. Its counsellor may have others."""

    caller: Phone
    counsellor: Console
    acknowledged: dict[str, int] = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        return self.caller.conversation

    @property
    def talks(self) -> dict[SeatClient, Transcript]:
        """Returns the log as each of the two has it."""
        return {
            self.caller: self.caller.talk,
            self.counsellor: self.counsellor.talks[self.conversation],
        }

    @property
    def is_back(self) -> bool:
        """Returns whether both have a socket that follows the conversation."""
        return all(client.follows(talk) for client, talk in self.talks.items())

    async def caller_says(self, text: str, within: float = 30) -> Posted:
        return self._noted(await self.caller.post(text, within=within))

    async def counsellor_says(self, text: str, within: float = 30) -> Posted:
        return self._noted(await self.counsellor.post(self.conversation, text, within=within))

    async def exchange(self, text: str, within: float = 5) -> None:
        """Lets each say something, and waits until both see both messages."""
        async with asyncio.timeout(within):
            await asyncio.gather(self.caller_says(text, within), self.counsellor_says(text, within))
            await self.settle(within)

    async def chat(self, stop: asyncio.Event, *, pause: float = 0.3) -> None:
        """Keeps both talking, with pauses of up to this many seconds, until told to stop."""
        await asyncio.gather(
            *(keep_saying(say, stop, pause) for say in (self.caller_says, self.counsellor_says))
        )

    async def settle(self, within: float = 20) -> None:
        """Waits until both have everything that was acknowledged to either."""
        newest = max(self.acknowledged.values(), default=0)
        for client, talk in self.talks.items():
            await client.becomes(lambda talk=talk: talk.newest >= newest, within)  # type: ignore[misc]

    def compare(self) -> None:
        """Checks that everything acknowledged was seen once, in order, by both, and can be read, and nothing
        else was seen."""
        unanswered = {
            outgoing.id
            for client, talk in self.talks.items()
            for outgoing in client.outbox.values()
            if outgoing.talk is talk
        }
        for client, talk in self.talks.items():
            sent = unanswered | self.acknowledged.keys()
            compare(sent, self.acknowledged, talk.seen, who=client.name)
            assert None not in talk.texts(), f"{client.name} cannot read something"
            assert not client.faults, client.situation()

    def assert_undisturbed(self) -> None:
        """Checks that nobody left and nobody was requeued."""
        for talk in self.talks.values():
            assert not talk.of("left")
            assert not talk.of("requeued")

    def _noted(self, posted: Posted) -> Posted:
        self.acknowledged[posted.id] = posted.seq
        return posted


async def keep_saying(say: Callable[[str], Awaitable[Posted]], stop: asyncio.Event, pause: float) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        await say(f"zin {number}")
        await asyncio.sleep(random.uniform(0.02, pause))


async def stored[Reply](ask: Callable[[], Awaitable[Reply]]) -> Reply:
    """Sends a message as clients do, again after `try_again`, and after a socket that was closed with 1012
    while it opened. A connection that an earlier crash broke is only noticed when it is used."""
    for _ in range(AGAIN):
        try:
            return await ask()
        except Refused as error:
            if error.code != "try_again":
                raise
        except Disconnected as error:
            if error.code != 1012:
                raise
        await asyncio.sleep(1)
    return await ask()


async def phone(platform: Platform, name: str = "caller", *, at: int = 0, line: str = "helpwanted") -> Phone:
    """Returns a caller on this process who has started a conversation."""
    client = Phone(*platform.urls, name=name, first=at)
    platform.guests.append(client)
    await stored(lambda: client.start(line))
    return client


async def console(platform: Platform, who: int = 0, *, at: int = 0, slots: int = 4) -> Console:
    """Returns a counsellor of Helpwanted on duty, on this process."""
    return await on_duty(platform, counsellors(platform, "helpwanted")[who], at=at, slots=slots)


async def on_duty(platform: Platform, person: Person, *, at: int = 0, slots: int = 4) -> Console:
    """Returns this person's console, on duty, on this process."""
    cookie = await signed_in(platform, person)
    client = Console(*platform.urls, name=person.username, cookie=cookie, first=at)
    platform.guests.append(client)
    await stored(client.hello)
    await stored(client.enrol)
    await stored(lambda: client.duty("on", slots))
    return client


async def pair(platform: Platform, *, caller_at: int = 0, console_at: int = 1, who: int = 0) -> Pair:
    """Returns a caller and a counsellor in conversation, on these processes."""
    guest = await phone(platform, f"caller {who}", at=caller_at)
    host = await console(platform, who, at=console_at)
    await stored(host.take)
    return Pair(guest, host)


async def pairs(platform: Platform, many: int, *, each: int = 1) -> list[Pair]:
    """Returns this many conversations, `each` of them to a counsellor, spread over both processes."""
    started = [await phone(platform, f"caller {number}", at=number) for number in range(many)]
    guests = {guest.conversation: guest for guest in started}
    found: list[Pair] = []
    for who in range(-(-many // each)):
        host = await console(platform, who, at=who + 1)
        talks = [await stored(host.take) for _ in range(min(each, many - len(found)))]
        found += [Pair(guests[talk.conversation], host) for talk in talks]
    return found


async def all_are_back(some: list[Pair], within: float) -> None:
    async with asyncio.timeout(within):
        for one in some:
            for client in one.talks:
                await client.becomes(lambda one=one: one.is_back, within)  # type: ignore[misc]


async def nothing_is_lost(some: list[Pair]) -> None:
    """Checks, once everything has arrived, that both saw everything acknowledged once, and nobody left or was
    requeued."""
    for one in some:
        await one.settle()
        one.compare()
        one.assert_undisturbed()
