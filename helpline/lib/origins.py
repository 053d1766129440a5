"""Checks where a request comes from: whether the page that sends it has one of our origins (scheme, host,
port), and whether it comes from this host."""

from typing import Any
from urllib.parse import urlparse

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest


def is_ours(origin: str | None) -> bool:
    """Returns whether the origin is in ORIGINS, by the same rule as for sockets."""
    rule: Any = OriginValidator
    try:
        return origin is not None and bool(rule(None, settings.ORIGINS).valid_origin(urlparse(origin)))
    except ValueError:  # the port is no number, or the IPv6 address is incomplete
        return False


def is_from_this_host(request: HttpRequest) -> bool:
    """Returns whether the request came over loopback and through no proxy (helpline/asgi.py)."""
    return isinstance(request, ASGIRequest) and bool(request.scope.get("from_this_host"))
