"""Builds the ASGI application. It removes the client's address before any other code could store or log
it."""

import os
from ipaddress import IPv6Address, ip_address

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

_pages = get_asgi_application()

from django.conf import settings  # noqa: E402 – needs the settings that the line above has loaded

from chat.consumers.caller import CallerConsumer  # noqa: E402
from chat.consumers.console import ConsoleConsumer  # noqa: E402
from chat.consumers.desk import DeskConsumer  # noqa: E402
from helpline.page_limits import PageConcurrency  # noqa: E402

# Headers in which proxies identify the client, or themselves
ADDRESS_HEADERS = frozenset(
    (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"via")
)


def from_this_host(scope: dict[str, Any]) -> bool:
    """Returns whether the request came over loopback and through no proxy. The headers are checked as well,
    because a proxy on this host also connects over loopback."""
    forwarded = {settings.PROXY_SSL_HEADER.lower().encode(), *ADDRESS_HEADERS}
    names = {name for name, _ in scope.get("headers", ())}
    if names & forwarded or any(name.startswith(b"x-forwarded-") for name in names):
        return False
    try:
        address = ip_address((scope.get("client") or [""])[0])
    except ValueError:  # a client on a Unix socket has no address
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class Anonymous:
    """Hides where a request came from, except for one bit: whether it came from this host itself.

    It also clears the root path, so that page_limits.py, parts.py and the middleware see the path that Django
    serves.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        # Daphne takes the root path from a header of the client, and Django would strip it from the path.
        scope = {**scope, "client": None, "root_path": "", "from_this_host": from_this_host(scope)}
        scope["headers"] = [
            (name, value) for name, value in scope.get("headers", ()) if name not in ADDRESS_HEADERS
        ]
        return await self.application(scope, receive, send)


class NoSuchSocket:
    """Refuses a websocket on an unknown path in the same way as one with a wrong Origin."""

    async def __call__(self, _scope: dict[str, Any], _receive: Any, send: Any) -> None:
        await send({"type": "websocket.close"})


_consumers: list[Any] = [
    path("ws/caller/", CallerConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/console/", ConsoleConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/desk/", DeskConsumer.as_asgi()),  # type: ignore[arg-type]
    path("<path:anything>", NoSuchSocket()),  # type: ignore[arg-type]
]
pages = PageConcurrency(_pages)
application = Anonymous(
    ProtocolTypeRouter(
        {
            "http": pages,
            "websocket": OriginValidator(URLRouter(_consumers), settings.ORIGINS),
        }
    )
)
