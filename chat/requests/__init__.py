"""Requests: one declared function for each, in the module of its subject.

A request parses its frame, makes one domain call and replies. It holds no rule, and of the socket it uses
only what consumers.py names.
"""

from chat.requests import (
    care,
    cases,
    conversation,
    figures,
    handoff,
    letters,
    lines,
    queue,
    retention,
    staff,
    supervision,
)
from chat.requests.declared import HEARD, REQUESTS, Declared, decoder
from helpline import optional_apps

optional_apps.modules("requests")  # each declares its own

__all__ = [
    "HEARD",
    "REQUESTS",
    "Declared",
    "care",
    "cases",
    "conversation",
    "decoder",
    "figures",
    "handoff",
    "letters",
    "lines",
    "queue",
    "retention",
    "staff",
    "supervision",
]
