"""Pages take turns: each takes a thread, and a connection to the database, while it is made.

Without a bound each of a flood of sign-ins would hold a thread, and all of them the connections that the
chats of this process wait for. So many are made at once, the staff's apart from the callers'.
"""

import asyncio
import math
from typing import Any

from django.conf import settings

from helpline.middleware import STAFF_PATHS

OPERATIONS = ("/healthz", "/readyz", "/metrics")


class PagesTakeTurns:
    """Staff who wait too long are told to try again; callers wait for as long as it takes."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self._callers = asyncio.Semaphore(settings.PAGES_AT_ONCE)
        self._staff = asyncio.Semaphore(settings.STAFF_PAGES_AT_ONCE)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope["path"]
        if path.startswith(OPERATIONS):
            await self.application(scope, receive, send)
        elif path.startswith(STAFF_PATHS):
            await self._of_staff(scope, receive, send)
        else:
            async with self._callers:
                await self.application(scope, receive, send)

    async def _of_staff(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            async with asyncio.timeout(settings.HASH_PATIENCE.total_seconds()):
                await self._staff.acquire()
        except TimeoutError:
            await _busy(scope, send)
            return
        try:
            await self.application(scope, receive, send)
        finally:
            self._staff.release()


async def _busy(scope: dict[str, Any], send: Any) -> None:
    from counsellors.pages import busy_page  # noqa: PLC0415 – needs the models, which are loaded by now

    asked = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'self'; img-src data:",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "retry-after": str(math.ceil(settings.HASH_PATIENCE.total_seconds())),
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 503, "headers": encoded})
    await send({"type": "http.response.body", "body": busy_page(asked.decode("latin-1"))})
