"""Ends a process when its parent, the process that started it, is gone, even if the parent was killed."""

import os
import signal
import threading
import time

POLL_SECONDS = 0.5


def end_with(parent: int) -> None:
    """Sends SIGTERM to this process when its parent is gone. Polls for that, because a killed parent sends no
    signal."""
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
