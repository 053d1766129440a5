"""Handles requests about care for the staff: how many conversations each person had, debriefs, and requests
to go home."""

from chat.requests.care import carrying, debriefs, handover
