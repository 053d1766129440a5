"""Handles requests. Each request is handled by one function, in the module of its subject.

The function parses the fields of the frame, calls one function of the domain and returns the reply. It makes
no decisions, and uses only those members of the consumer that consumers.py lists.
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
