"""Checks whose page asks, by its full origin (scheme, host, port)."""

from typing import Any
from urllib.parse import urlparse

from channels.security.websocket import OriginValidator
from django.conf import settings


def is_ours(origin: str | None) -> bool:
    """Applies the same rule as for sockets."""
    rule: Any = OriginValidator
    try:
        return origin is not None and bool(rule(None, settings.ORIGINS).valid_origin(urlparse(origin)))
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
