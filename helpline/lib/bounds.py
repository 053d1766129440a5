"""Exposes the limits of this process in /metrics: how much of each is used, and how often it was reached."""

from collections.abc import Callable
from functools import partial

from prometheus_client import Counter, Gauge

_USED = Gauge("helpline_bound_used", "How much of a bound of this process is used", ["bound"])
_MAX = Gauge("helpline_bound_most", "How much it allows", ["bound"])
_REACHED = Counter("helpline_bound_reached", "How often something was refused or cut", ["bound"])


def watch(bound: str, used: Callable[[], float], most: float) -> Callable[[], None]:
    """Exposes a limit as a metric. Returns a function to be called each time the limit is reached."""
    _USED.labels(bound).set_function(used)
    _MAX.labels(bound).set(most)
    return counted(bound)


def counted(bound: str) -> Callable[[], None]:
    """Exposes only how often a limit is reached. This is for a limit that applies to each request or frame
    separately. Returns a function to be called each time the limit is reached."""
    return partial(_REACHED.labels(bound).inc, 1)
