"""Care: who carries how much, who wants to talk, going home."""

from chat.requests.care import carrying, debriefs, handover

__all__ = ["carrying", "debriefs", "handover"]
