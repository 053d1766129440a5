"""Supervision: board and floor, alerts, interventions, devices to approve."""

from chat.requests.supervision import alerts, board, devices, interventions

__all__ = ["alerts", "board", "devices", "interventions"]
