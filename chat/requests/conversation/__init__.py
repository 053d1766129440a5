"""Conversation: what callers and staff ask about one, and what they are sent of it."""

from chat.requests.conversation import (
    coming_back,
    delivery,
    endings,
    erasing,
    grants,
    opening,
    posting,
    presence,
    risk,
)

__all__ = [
    "coming_back",
    "delivery",
    "endings",
    "erasing",
    "grants",
    "opening",
    "posting",
    "presence",
    "risk",
]
