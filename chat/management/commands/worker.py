"""The worker: what time does. One leader among any number of processes, by an advisory lock."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from chat import webhooks
from chat.rounds import Rounds, pause
from helpline.lib import clock

LOCK = 0x68656C70  # "help"


class Command(BaseCommand):
    help = "Keeps deadlines: leases, grants, callers who are gone, the longest span."

    def handle(self, *_: Any, **__: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        webhooks.begin()
        rounds = Rounds()
        while not stopping.wait(pause()):
            try:
                if leads():
                    rounds.go(clock.now())
            except (DatabaseError, InterfaceError):
                let_go()


def let_go() -> None:
    """Ends the session. Given back to the pool it would live on, and keep the lock from every worker."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


def leads() -> bool:
    """Whether this process leads. The lock is the session's: PostgreSQL frees it however that ends."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        # Taken again in each round, a lock counts up; asked of pg_locks, it is taken once.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
            [LOCK, LOCK],
        )
        answer: bool = cursor.fetchone()[0]
    return answer
