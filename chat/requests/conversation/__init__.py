"""Requests about a conversation, and what callers and staff are sent of it."""

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
