"""Requests of the rota and of staffing advice."""

from chat.planning.requests import advice, rota, who_is_on

__all__ = ["advice", "rota", "who_is_on"]
