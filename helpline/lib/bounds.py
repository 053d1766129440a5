"""The bounds of this process, for /metrics: how near each one is, and how often it was reached."""

from collections.abc import Callable
from functools import partial

from prometheus_client import Counter, Gauge

_USED = Gauge("helpline_bound_used", "How much of a bound of this process is used", ["bound"])
_MAX = Gauge("helpline_bound_most", "How much it allows", ["bound"])
_REACHED = Counter("helpline_bound_reached", "How often something was refused or cut", ["bound"])


def watch(bound: str, used: Callable[[], float], most: float) -> Callable[[], None]:
    """Shows a bound to who reads the metrics. What is returned counts that it was reached."""
    _USED.labels(bound).set_function(used)
    _MAX.labels(bound).set(most)
    return counted(bound)


def counted(bound: str) -> Callable[[], None]:
    """Of a bound on one thing at a time there is only to count how often it was reached."""
    return partial(_REACHED.labels(bound).inc, 1)
