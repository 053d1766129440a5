"""Sends bells: pub/sub notifications ("there is something new"), sent when a transaction commits. A lost bell
delays a message, but never loses it."""

from chat.bells.kinds import *
from chat.bells.ringing import (
    connected,
    listen,
    ring,
    ring_all_on_commit,
    ring_here,
    ring_on_commit,
    start,
    stop_listening,
)
