"""The rota, and how many an hour needs: one module for each rule of chat/planning/."""

from chat.planning.requests import advice, rota, who_is_on

__all__ = ["advice", "rota", "who_is_on"]
