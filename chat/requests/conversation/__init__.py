"""Handles requests about a conversation, and sends its entries and changes to callers and staff."""

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
