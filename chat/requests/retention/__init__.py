"""Retention: review keys, reading again, holds, how long a line keeps."""

from chat.requests.retention import holds, keeping, readings, review_keys, waiting

__all__ = ["holds", "keeping", "readings", "review_keys", "waiting"]
