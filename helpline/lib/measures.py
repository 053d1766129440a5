"""Declares counters of this process for /metrics. They count kinds of events, and hold no name, id or
address."""

from prometheus_client import Counter, Gauge

DELIVERED = Counter("helpline_deliveries", "Entries of conversations that were sent to a socket")
REFUSED = Counter("helpline_refusals", "Requests that were refused, by the error's code", ["code"])
FAILED = Counter("helpline_failures", "Faults that were caught and are in the log, by where", ["where"])
# These series begin at 0: in a series that began at 1, increase() would miss the first fault.
for _where in ("app", "consumer", "request", "delivery", "loop"):
    FAILED.labels(_where)
GAPS = Counter("helpline_gaps_healed", "Bells that were lost, and what followed from them was looked up")
LAG = Gauge("helpline_loop_lag_seconds", "How late the event loop was, at most, in the last ten seconds")
