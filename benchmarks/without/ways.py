"""Defines how a web process does without each mechanism. Each function replaces a part of the product."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import daphne.server  # noqa: F401 – first: it installs the reactor
from channels.consumer import AsyncConsumer
from django.conf import settings

from chat.bells import ringing
from chat.consumers.base import Consumer
from chat.management.commands import serve
from chat.requests.conversation import posting
from helpline.lib.bridge import bulkheads


def nothing() -> None:
    """Leaves everything as it is."""


def loop_connection() -> None:
    posting.has_loop_connection = lambda: False


def group_commit() -> None:
    posting.store.max_batch = 1


def hints() -> None:
    hear = ringing._hear
    ringing._hear = lambda bell: hear(ringing._without_hint(bell))


def few_packets() -> None:
    ringing.PUBLISH_INTERVAL_SECONDS = 0


def silence_alone() -> None:
    ringing._Tower._is_alone = lambda _self: False  # type: ignore[method-assign]


def own_receive_loop() -> None:
    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        self._work_in(self.bulkhead_before or self.bulkhead)
        await AsyncConsumer.__call__(self, scope, receive, send)

    Consumer.__call__ = call  # type: ignore[method-assign]


def own_threads() -> None:
    """Gives all bulkheads one shared pool with the same number of threads."""
    pool = ThreadPoolExecutor(settings.BRIDGE_THREADS, "database")
    for bulkhead in bulkheads._bulkheads.values():
        bulkhead.threads = pool


def switch_interval() -> None:
    serve.SWITCH_SECONDS = sys.getswitchinterval()


def frozen_objects() -> None:
    gc.freeze = lambda: None


WAYS = {
    "nothing": nothing,
    "the loop's connection": loop_connection,
    "group commit": group_commit,
    "hints of bells": hints,
    "few packets": few_packets,
    "silence when alone": silence_alone,
    "own receive loop": own_receive_loop,
    "threads of their own": own_threads,
    "shorter switch interval": switch_interval,
    "frozen objects": frozen_objects,
    "prepared statements": nothing,  # benchmarks/without/settings.py
}
