"""Sends bells: pub/sub notifications ("there is something new"), sent when a transaction commits. A lost bell
only delays the news: the sockets find it in the database later."""

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
