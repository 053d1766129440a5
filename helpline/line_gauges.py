"""Exposes gauges of each line in /metrics: the totals that the board shows, which name no conversation and no
person."""

from datetime import datetime

from prometheus_client import Gauge

from chat.models import Line, Outgoing
from chat.supervision import board
from chat.supervision.board import LineBoard

NOW = {
    name: Gauge(f"helpline_line_{name}", says, ["line"])
    for name, says in {
        "open": "1 while callers may come in",
        "waiting": "Callers in the queue, those away for a moment among them",
        "away": "Of those, who is away",
        "urgent": "Of those, who says that it is urgent",
        "active": "Conversations that somebody of the staff is in",
        "on": "Counsellors on duty",
        "on_break": "Counsellors on a break",
        "free": "Slots of those on duty that are free",
        "overdue": "Conversations that should be gone",
    }.items()
}
TODAY = {
    name: Gauge(f"helpline_line_{name}_today", says, ["line"])
    for name, says in {
        "answered": "Callers who spoke with somebody, since midnight",
        "within": "Of those, answered within 60 seconds",
        "abandoned": "Callers who left before anybody came, since midnight",
    }.items()
}
LONGEST = Gauge("helpline_line_longest_wait_seconds", "How long the first who is here has waited", ["line"])
OUTBOX = Gauge("helpline_outbox_waiting", "Mails and webhooks that wait for their next try")
LATE = Gauge("helpline_outbox_late_seconds", "How long the oldest of them has waited")


def look(now: datetime) -> None:
    """Updates the gauges. This reads many rows, so it should not be done at each scrape."""
    slugs = list(Line.objects.real().values_list("pk", flat=True))
    for made in board.boards(slugs, now=now):
        _show(made, now)
    # Each try that fails moves `due_at`: by that, a mail server that is away would never be late.
    waiting = Outgoing.objects.order_by("since")
    OUTBOX.set(waiting.count())
    first = waiting.values_list("since", flat=True).first()
    LATE.set(max(0.0, (now - first).total_seconds()) if first else 0)


def _show(made: LineBoard, now: datetime) -> None:
    for name, gauge in (NOW | TODAY).items():
        gauge.labels(made.line).set(getattr(made, name))
    waited = (now - made.oldest_here).total_seconds() if made.oldest_here else 0
    LONGEST.labels(made.line).set(waited)
