"""Ends a process that must not outlive the one that started it, however that ends."""

import os
import signal
import threading
import time

POLL_SECONDS = 0.5


def end_with(parent: int) -> None:
    """Sends SIGTERM to this process once its parent is gone: a killed parent could tell nobody."""
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
