"""Counts starts of conversations in this process: starts for which work was required, starts with the
required work done, and starts that found no place. The counts are written to the database every second,
however many starts there are."""

import threading
from collections import Counter, defaultdict
from datetime import datetime

from django.db import IntegrityError
from prometheus_client import Counter as Metric

from chat.figures import counters

_METRICS = {
    counters.ASKED: Metric("helpline_work_asked", "Starts that were answered with work", ["line"]),
    counters.EARNED: Metric("helpline_work_earned", "Callers who came in with work done", ["line"]),
    counters.REFUSED: Metric("helpline_line_full", "Starts that found no place", ["line"]),
}

_lock = threading.Lock()
_counts: defaultdict[str, Counter[str]] = defaultdict(Counter)


def note(line: str, name: str) -> None:
    """Adds one to a counter of the line. The line must exist. `name` is a key of _METRICS."""
    _METRICS[name].labels(line).inc()
    with _lock:
        _counts[line][name] += 1


def write(*, now: datetime) -> None:
    """Writes the counts, with one statement for each line. Counts that could not be written are kept for the
    next call."""
    with _lock:
        counts = dict(_counts)
        _counts.clear()
    while counts:
        line, counted = counts.popitem()
        try:
            counters.count_all({(name, ""): value for name, value in counted.items()}, line, now=now)
        except IntegrityError:
            continue  # the line was deleted
        except BaseException:
            counts[line] = counted
            with _lock:
                for late, rest in counts.items():
                    _counts[late].update(rest)
            raise


def is_empty() -> bool:
    return not _counts


def forget() -> None:
    """Discards the counts that this process has not written yet."""
    _counts.clear()
