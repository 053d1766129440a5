"""What may be asked, and how it is answered: one declared function a request, in the file of its subject.

Parsing, one domain call, the reply: no rule is here, and of a socket only what consumers.py names.
"""

from chat.requests import (
    care,
    conversation,
    figures,
    handoff,
    lines,
    planning,
    queue,
    retention,
    staff,
    supervision,
)
from chat.requests.declared import HEARD, REQUESTS, Declared, decoder

__all__ = [
    "HEARD",
    "REQUESTS",
    "Declared",
    "care",
    "conversation",
    "decoder",
    "figures",
    "handoff",
    "lines",
    "planning",
    "queue",
    "retention",
    "staff",
    "supervision",
]
