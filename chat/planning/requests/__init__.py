"""Handles requests about the rota and about staffing advice."""

from chat.planning.requests import advice, rota, who_is_on
