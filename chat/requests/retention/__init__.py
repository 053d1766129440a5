"""Retention: review keys, reading transcripts again, holds, and how long a line keeps conversations."""

from chat.requests.retention import holds, keeping, readings, review_keys, waiting

__all__ = ["holds", "keeping", "readings", "review_keys", "waiting"]
