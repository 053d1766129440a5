"""Defines the application that `daphne benchmarks.baselines.tutorial.asgi:application` runs."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.baselines.tutorial.settings"

from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

_pages = get_asgi_application()

from benchmarks.baselines.tutorial.consumers import ChatConsumer  # noqa: E402 – after the settings

_rooms: list[Any] = [path("ws/chat/<room_name>/", ChatConsumer.as_asgi())]  # type: ignore[arg-type]
application = ProtocolTypeRouter({"http": _pages, "websocket": URLRouter(_rooms)})
