"""Conversation: what callers and staff ask about one, and what they are sent of it."""

from chat.requests.conversation import delivery, ends, grants, opening, posting, presence, risk

__all__ = ["delivery", "ends", "grants", "opening", "posting", "presence", "risk"]
