"""Supervision: board and floor, alerts, interventions, devices to approve, what takes two."""

from chat.requests.supervision import (
    alerts,
    audit_trail,
    beginning,
    board,
    certifying,
    interventions,
    staff_devices,
    staff_people,
    wishes,
)

__all__ = [
    "alerts",
    "audit_trail",
    "beginning",
    "board",
    "certifying",
    "interventions",
    "staff_devices",
    "staff_people",
    "wishes",
]
