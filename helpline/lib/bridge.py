"""The one way from async code to the database: a bounded pool of threads, a connection each."""

import asyncio
import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError, connection
from psycopg_pool import PoolTimeout

from helpline.lib.errors import Refusal, TryAgain

_threads = ThreadPoolExecutor(settings.BRIDGE_THREADS, thread_name_prefix="database")
_waiting = 0
MAX_WAITING = 20_000


async def in_database[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`work` on a database thread. TryAgain when the database is away, or the pool's queue is full."""
    global _waiting  # noqa: PLW0603 – one process, one loop
    if _waiting >= MAX_WAITING:
        raise TryAgain
    _waiting += 1
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, functools.partial(_run, work, *args, **kwargs))
    finally:
        _waiting -= 1


def _run[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (DataError, IntegrityError, ProgrammingError):
        raise  # our own mistake: repeating it would not help
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        # A commit that broke half way may have happened: the client repeats the same bytes, and the
        # id tells. The connection is not trusted again.
        connection.close()
        raise TryAgain from error


class Batcher[Item, Answer]:
    """Group commit: while one batch is under way the next one gathers, and `work` does it in one transaction.

    `work` gives an answer for each item; a Refusal is raised for its own item, None means: do it alone.
    """

    def __init__(
        self,
        work: Callable[[list[Item]], Sequence[Answer | Refusal | None]],
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
        while self.gathered:
            batch, self.gathered = self.gathered[: self.max_batch], self.gathered[self.max_batch :]
            answers: Sequence[Answer | Refusal | None]
            try:
                answers = await in_database(self.work, [item for item, _ in batch])
            except TryAgain as error:
                answers = [error] * len(batch)
            except Exception:  # one item's mistake is not the others': each alone
                answers = [None] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
        self.working = None
