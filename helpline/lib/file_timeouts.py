"""Gives file operations a time limit: a system call on a network folder may wait for ever."""

import errno
import threading
from collections.abc import Callable

TIMEOUT_SECONDS = 2.0
MAX_STUCK_THREADS = 8  # threads that wait for a folder that does not answer

_free = threading.BoundedSemaphore(MAX_STUCK_THREADS)


def in_time[T](action: Callable[[], T]) -> T:
    """Returns the result of `action`, which runs on a separate thread and must not use the database. A thread
    that takes too long is abandoned.

    Raises the exception of `action`, if any, and TimeoutError (an OSError) after TIMEOUT_SECONDS. While
    MAX_STUCK_THREADS abandoned threads still wait, every action ends in TimeoutError.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(action())
        except BaseException as error:
            errors.append(error)
        finally:
            _free.release()

    if not _free.acquire(timeout=TIMEOUT_SECONDS):
        raise _no_answer()
    thread = threading.Thread(target=run, name="files", daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    if errors:
        raise errors[0]
    if not results:
        raise _no_answer()
    return results[0]


def _no_answer() -> TimeoutError:
    return TimeoutError(errno.ETIMEDOUT, "a folder does not answer")
