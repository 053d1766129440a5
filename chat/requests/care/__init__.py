"""Handles requests about care for the staff: how many conversations each person had, debriefs, and asking
people to go home."""

from chat.requests.care import carrying, debriefs, handover
