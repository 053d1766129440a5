"""Supervision: board and live view, alerts, interventions, devices to approve, approval requests."""

from chat.requests.supervision import (
    alerts,
    approvals,
    audit_trail,
    beginning,
    board,
    certifying,
    interventions,
    missed,
    staff_devices,
    staff_people,
)

__all__ = [
    "alerts",
    "approvals",
    "audit_trail",
    "beginning",
    "board",
    "certifying",
    "interventions",
    "missed",
    "staff_devices",
    "staff_people",
]
