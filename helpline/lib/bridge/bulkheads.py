"""Implements bulkheads: newcomers, callers, staff and the process itself each have their own threads for the
database.

A bulkhead is a thread pool that is reserved for one of these groups. A flood of newcomers takes no threads
from the others, and no group delays the process's own work: messages, heartbeats, leases, and updates of the
queue and the board.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

from django.conf import settings

from helpline.lib import bounds
from helpline.lib.errors import TryAgain

NEWCOMERS, CALLERS, STAFF, OWN = NAMES = ("newcomers", "callers", "staff", "own")


class Bulkhead:
    """Holds a pool of threads, and limits how many calls may run on it or wait for it."""

    def __init__(self, name: str, threads: ThreadPoolExecutor, most: int) -> None:
        self.threads = threads
        self.most = most
        self.busy = 0
        self.counting = threading.Lock()  # guards the count: `leave` runs on the pool's threads
        self.reached = bounds.watch(f"waiting_{name}", lambda: self.busy, most)

    def enter(self) -> None:
        with self.counting:
            if self.busy < self.most:
                self.busy += 1
                return
        self.reached()
        raise TryAgain

    def leave(self) -> None:
        with self.counting:
            self.busy -= 1


def split(threads: int) -> dict[str, int]:
    """Returns the number of threads of each bulkhead. Of eight threads, newcomers and staff get two each, the
    process one, and callers the rest. Returns {} for fewer than four threads: all bulkheads then share
    them."""
    if threads < len(NAMES):
        return {}
    staff, own = max(1, threads // 4), max(1, threads // 8)
    return {NEWCOMERS: staff, CALLERS: threads - 2 * staff - own, STAFF: staff, OWN: own}


def make(threads: int, most: int) -> dict[str, Bulkhead]:
    """Makes the bulkheads and divides the threads among them. If there are too few to divide, all bulkheads
    share one pool."""
    shares = split(threads) or {"all": threads}
    pools = {name: ThreadPoolExecutor(many, f"database-{name}") for name, many in shares.items()}
    return {name: Bulkhead(name, pools.get(name) or pools["all"], most) for name in NAMES}


_bulkheads = make(settings.BRIDGE_THREADS, settings.BRIDGE_WAITING)
_chosen = ContextVar("bulkhead", default=OWN)


def choose(name: str) -> None:
    """Sets the bulkhead on which this task, and the tasks that it starts, do their database work."""
    _chosen.set(name)


def here() -> Bulkhead:
    return _bulkheads[_chosen.get()]
