"""Background tasks on the loop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any]) -> None:
    """Starts the task and keeps a reference: the loop itself keeps only weak ones, so it could vanish half
    done."""
    task = asyncio.get_event_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
