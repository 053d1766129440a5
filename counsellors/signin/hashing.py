"""Hashes passwords, only a few at a time, because each hash takes 64 MiB in the process that serves the
chats.

The hash is Argon2id with 64 MiB, three passes and one lane; OWASP's minimum is 19 MiB, two passes and one
lane. Django's default (100 MiB, two passes, eight lanes) costs an attacker the same. In a flood of sign-ins,
however, Django's default took one and a half times as much memory. It also ran sixteen threads at the same
time on the cores that serve the chats, because each lane is a thread.

Every password goes through this hasher: at each sign-in, even for a name that nobody has, and when a new
password is set.
"""

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

NICENESS = 15


class Busy(Exception):
    """Many people are signing in just now. Wait a moment and try again."""


class Gate:
    """Limits how many hashes run at the same time, how many others wait, and how many seconds each may wait.
    Raises Busy beyond these limits."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._turns = threading.Semaphore(at_once)
        self._room = threading.Semaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise Busy
        try:
            self._wait()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._room.release()

    def _wait(self) -> None:
        if self._turns.acquire(blocking=False):
            return
        # A waiting thread gives its database connection back: the threads that serve the chats need it.
        if not connection.in_atomic_block:
            connection.close()
        if not self._turns.acquire(timeout=self._patience):
            raise Busy


def _step_back() -> None:
    """Lowers the priority of this thread, so that the chats go first on a core that a hash uses. Only Linux
    has a priority per thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_hashers = ThreadPoolExecutor(settings.HASHES_AT_ONCE, thread_name_prefix="hash", initializer=_step_back)
gate = Gate(settings.HASHES_AT_ONCE, settings.HASHES_WAITING, settings.HASH_PATIENCE.total_seconds())


class FewAtOnce(Argon2PasswordHasher):
    """Hashes like Django's Argon2 hasher, but each hash waits for its turn at the gate."""

    memory_cost = 64 * 1024  # KiB
    time_cost = 3
    parallelism = 1

    def encode(self, password: str, salt: str) -> Any:
        with gate.turn():
            return _hashers.submit(super().encode, password, salt).result()

    def verify(self, password: str, encoded: str) -> bool:
        with gate.turn():
            return _hashers.submit(super().verify, password, encoded).result()
