"""Limits how many pages are made at the same time, because each of them takes a thread and a database
connection.

Without a limit a flood of sign-ins would hold every thread, and the connections that the chats of this
process need. Somebody who guesses passwords delays only other unknown browsers: callers, people who are
signed in, and browsers in which somebody signed in before have separate limits. A signed value in a cookie
shows which limit applies, before any row is read.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from django.conf import settings
from django.http import parse_cookie

from counsellors.pages.common import busy_page
from counsellors.signin import known_browsers, sessions
from helpline.lib import bounds
from helpline.middleware import STAFF_PATHS

OPERATIONS = ("/healthz", "/readyz", "/metrics")
SIGN_IN = "/login/"


class TooManyWaiting(Exception):
    """Many people are signing in just now. Wait a moment and try again."""


class ConcurrencyLimit:
    """Lets `at_once` requests run at the same time. Raises TooManyWaiting for a request if `waiting` others
    wait already, or if it has waited for `patience` seconds."""

    def __init__(self, at_once: int, *, waiting: float = math.inf, patience: float | None = None) -> None:
        self.waiting = 0
        self._most_waiting = waiting
        self._patience = patience
        self._free = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        if self._free.locked() and self.waiting >= self._most_waiting:
            raise TooManyWaiting
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise TooManyWaiting from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()


class PageConcurrency:
    """Applies the limits. Staff who wait too long are told to try again; callers wait without a time limit.
    Knows when all requests have ended, so that the process can wait for them before it stops."""

    def __init__(self, application: Any) -> None:
        self.application = application
        patience = settings.HASH_PATIENCE.total_seconds()
        self._callers = ConcurrencyLimit(settings.PAGES_AT_ONCE)
        self._signed_in = ConcurrencyLimit(settings.STAFF_PAGES_AT_ONCE, patience=patience)
        self._strangers = ConcurrencyLimit(settings.STAFF_PAGES_AT_ONCE, patience=patience)
        # Sign-ins from unknown browsers may run one hash fewer than the limit, so that one is always free for
        # known browsers.
        most, long = settings.HASHES_WAITING, settings.SIGN_IN_PATIENCE.total_seconds()
        self._attempts = ConcurrencyLimit(settings.HASHES_AT_ONCE - 1, waiting=most, patience=long)
        self._attempts_refused = bounds.watch("sign_ins", lambda: self._attempts.waiting, most)
        self._known = ConcurrencyLimit(settings.HASHES_AT_ONCE, patience=patience)
        self._of_known = WeakValueDictionary[str, ConcurrencyLimit]()
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self._running += 1
        self._idle.clear()
        try:
            await self._serve(scope, receive, send)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def ended(self) -> None:
        """Waits until no request is running. The page that sends a quick exit has closed, so nobody sends it
        again if the process stops first."""
        await self._idle.wait()

    async def _serve(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        turns = self._needed(scope)
        try:
            async with AsyncExitStack() as taken:
                for group in turns:
                    await taken.enter_async_context(group.one())
                await self.application(scope, receive, send)
        except TooManyWaiting:
            if self._attempts in turns:
                self._attempts_refused()
            await _busy(scope, send)

    def _needed(self, scope: dict[str, Any]) -> list[ConcurrencyLimit]:
        path = scope["path"]
        if path in OPERATIONS:
            return []
        if not path.startswith(STAFF_PATHS):
            return [self._callers]
        cookies = _cookies(scope)
        if path == SIGN_IN and (marks := known_browsers.marks(cookies)):
            # Requests with copies of one cookie wait for each other, and so do requests with different
            # cookies of one person.
            patience = settings.HASH_PATIENCE.total_seconds()
            own = [self._of_known.setdefault(mark, ConcurrencyLimit(1, patience=patience)) for mark in marks]
            return [*own, self._known]
        if path == SIGN_IN and scope["method"].upper() == "POST":
            return [self._attempts]
        has_session = sessions.is_ours(cookies.get(settings.SESSION_COOKIE_NAME, ""))
        return [self._signed_in if has_session else self._strangers]


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(sent.decode("latin-1"))


async def _busy(scope: dict[str, Any], send: Any) -> None:
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
