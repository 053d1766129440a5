"""Handles requests about supervision: the board and the live view, alerts, interventions, devices, and
approval requests."""

from chat.requests.supervision import (
    alerts,
    approvals,
    audit_trail,
    beginning,
    board,
    certifying,
    interventions,
    last_day,
    missed,
    phones,
    staff_devices,
    staff_people,
)
