"""What entering asked and refused: counted in this process and written once a second, at any load."""

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
    """Counts one. `name` is one of the counters above; the line exists."""
    _METRICS[name].labels(line).inc()
    with _lock:
        _counts[line][name] += 1


def write(*, now: datetime) -> None:
    """Writes one statement for each line with news. What could not be written is kept for the next time."""
    with _lock:
        counts = dict(_counts)
        _counts.clear()
    while counts:
        line, counted = counts.popitem()
        try:
            counters.count_all({(name, ""): value for name, value in counted.items()}, line, now=now)
        except IntegrityError:
            continue  # the line is gone
        except BaseException:
            counts[line] = counted
            with _lock:
                for late, rest in counts.items():
                    _counts[late].update(rest)
            raise


def forget() -> None:
    """Clears what this process has not written yet."""
    _counts.clear()
