"""Handles requests: each has one declared function, in the module of its subject.

Such a function parses its frame, makes one domain call and replies. It decides nothing itself, and uses only
the members of the consumer that consumers.py lists.
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

optional_apps.modules("requests")  # each module declares its requests when it is imported
