"""A socket whose lease has ended takes another one, and misses nothing meanwhile."""

import asyncio
from typing import Any

from chat.bells import Bell
from chat.consumers import leases
from chat.consumers.caller import CallerConsumer


class Returning(CallerConsumer):
    """Stands for a consumer for which an entry is stored while it takes another lease."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    async def lease_lost(self) -> None:
        await asyncio.sleep(0)
        self.ring("an entry")  # type: ignore[arg-type]

    async def hear(self, bell: Bell) -> None:
        self.heard.append(bell)


async def test_a_bell_that_rings_while_a_lease_is_renewed_is_heard_at_once() -> None:
    consumer = Returning()
    await leases._lost(consumer)
    assert (consumer.heard, consumer.pending) == (["an entry"], [])
