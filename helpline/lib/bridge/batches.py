"""Implements group commit: items that arrive while a transaction is running are handled together in the next
one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from helpline.lib.bridge import bulkheads
from helpline.lib.bridge.threads import in_database
from helpline.lib.errors import Refusal, TryAgain


class Batcher[Item, Answer]:
    """Collects the next batch while one is running; `work` handles a batch in one transaction.

    `work` returns an answer for each item. If the answer is a Refusal, it is raised for that item only. If it
    is None, the item is handled again without the others, by `alone`.
    """

    def __init__(
        self,
        work: Callable[[list[Item]], Awaitable[Sequence[Answer | Refusal | None]]],
        alone: Callable[[Item], Answer],
        *,
        max_batch: int,
    ) -> None:
        self.work = work
        self.alone = alone
        self.max_batch = max_batch
        self.gathered: list[tuple[Item, asyncio.Future[Answer | Refusal | None]]] = []
        self.working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Answer:
        future: asyncio.Future[Answer | Refusal | None] = asyncio.get_running_loop().create_future()
        self.gathered.append((item, future))
        if self.working is None:
            self.working = asyncio.ensure_future(self._work())
        answer = await future
        if answer is None:
            return await in_database(self.alone, item)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def _work(self) -> None:
        bulkheads.choose(bulkheads.OWN)  # the batch also has items of other tasks
        while self.gathered:
            batch, self.gathered = self.gathered[: self.max_batch], self.gathered[self.max_batch :]
            answers: Sequence[Answer | Refusal | None]
            try:
                answers = await self.work([item for item, _ in batch])
            except TryAgain as error:
                answers = [error] * len(batch)
            except Exception:  # an error in one item must not fail the others: each is retried alone
                answers = [None] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
        self.working = None
