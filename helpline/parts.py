"""Restricts what one process serves: everything, or only the callers' part, or only the staff's.

In production the two parts are separate: a flood of sign-ins then takes no memory or time from a process with
callers, and passwords cannot be guessed at a sign-in page that the internet cannot reach.
"""

from typing import Any

from helpline import languages
from helpline.middleware import STAFF_PATHS

NOWHERE = "/-/"
HOMES = {"staff": "/login/"}  # the page that `/` leads to
EVERYWHERE = ("/healthz", "/readyz", "/metrics", "/app/", "/.well-known/")
PARTS = {
    "staff": (*STAFF_PATHS, "/guest/", "/calendar/", "/static/", "/ws/console/", "/ws/desk/"),
    "callers": (*(f"/{code}/" for code in languages.codes()), "/api/", "/embed.js", "/ws/caller/"),
}


def serves(part: str, path: str) -> bool:
    whole = path if path.endswith("/") else f"{path}/"  # Django redirects a URL without the last slash
    prefixes = (*EVERYWHERE, *PARTS[part])
    return path.startswith(prefixes) or whole.startswith(prefixes) or (part == "callers" and path == "/")


class Only:
    """Serves one part of the application; the rest is 404."""

    def __init__(self, part: str, application: Any) -> None:
        self.part = part
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == "/" and self.part in HOMES:
            scope |= _at(HOMES[self.part])
        if serves(self.part, scope["path"]):
            await self.application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:  # the same response, with the same headers, as for a path that does not exist
            await self.application(scope | _at(NOWHERE), receive, send)


def _at(path: str) -> dict[str, Any]:
    return {"path": path, "raw_path": path.encode()}
