"""Supervision: board and floor, alerts, interventions, devices to approve."""

from chat.requests.supervision import alerts, audit_trail, board, interventions, staff_devices

__all__ = ["alerts", "audit_trail", "board", "interventions", "staff_devices"]
