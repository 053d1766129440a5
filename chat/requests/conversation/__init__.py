"""Conversation: what callers and staff ask about one, and what they are sent of it."""

from chat.requests.conversation import delivery, endings, erasing, grants, opening, posting, presence, risk

__all__ = ["delivery", "endings", "erasing", "grants", "opening", "posting", "presence", "risk"]
