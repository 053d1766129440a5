"""Signs in as a browser without JavaScript does: two forms, their hidden fields, and a one-time code."""

import asyncio
import base64
import hashlib
import hmac
import http.client
import threading
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode, urljoin, urlsplit

STEP = 30
CODE_ATTEMPTS = 4
_used_steps: dict[tuple[str, str], int] = {}  # the last used step, by address and secret
_drawing = threading.Lock()


@dataclass(frozen=True)
class Person:
    """Represents somebody who can sign in, as `demo.json` names them."""

    username: str
    password: str
    totp_secret: str
    roles: tuple[str, ...]
    lines: tuple[str, ...]
    service: str | None

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        """Reads a row of `people`. Raises KeyError if a field is missing."""
        return cls(
            username=row["username"],
            password=row["password"],
            totp_secret=row["totp_secret"],
            roles=tuple(row["roles"]),
            lines=tuple(row["lines"]),
            service=row["service"],
        )


class SignInRefused(Exception):
    """A form came back where the next page was due."""


class Page(NamedTuple):
    """Holds a response: HTTP status, the address to which it redirects (or the page's own), and the body."""

    status: int
    address: str
    body: str


class Form(NamedTuple):
    """Holds a form of a page: where it is sent, and its fields with their values."""

    action: str
    fields: dict[str, str]


def totp(secret: str, step: int) -> str:
    """Returns the six digits of RFC 6238 (SHA-1) for a base32 secret and a step of 30 s (Unix time // 30)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, step.to_bytes(8), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def next_code(url: str, secret: str, *, begun: bool = False) -> str:
    """Returns a code of the earliest step not yet used for this address; blocks until the server accepts it.

    The server accepts a code of the next step, but not of the one after it, so a third sign-in within 30 s
    waits up to 30 s. With `begun` it waits until the step has begun, for a server whose clock is behind.
    """
    with _drawing:
        step = max(int(time.time()) // STEP, _used_steps.get((url, secret), 0) + 1)
        _used_steps[url, secret] = step
    begins = (step if begun else step - 1) * STEP
    time.sleep(max(0.0, begins - time.time()) + (0.1 if begun else 0))
    return totp(secret, step)


def forget_codes(url: str) -> None:
    """Allows every code to be used again, after the server at this address forgot which ones it accepted."""
    with _drawing:
        for key in [key for key in _used_steps if key[0] == url]:
            del _used_steps[key]


class SignIn:
    """Represents one browser session on the staff pages.

    `run` signs in, `cookie` is for the websocket's handshake, and `landed` is the address to which the
    sign-in led.
    """

    def __init__(self, url: str, person: Person) -> None:
        self.url = url
        self.person = person
        self.cookies: dict[str, str] = {}
        self.landed = ""

    @property
    def cookie(self) -> str:
        """Returns the Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def run(self) -> str:
        """Signs in and returns the Cookie header, or raises SignInRefused. It may wait 30 s for a fresh
        code."""
        return await asyncio.to_thread(self.run_blocking)

    def run_blocking(self) -> str:
        """Does the same as `run`, for tests without an event loop."""
        answer = self.submit(self.get("/login/"), "username", **self.credentials())
        for attempt in range(CODE_ATTEMPTS):
            page = self.get(answer.address)
            answer = self.submit(page, "code", code=self.next_code(begun=attempt > 0))
            if answer.status in {302, 303}:
                self.landed = answer.address
                return self.cookie
            if answer.status != HTTPStatus.OK:
                raise SignInRefused(f"{page.address} answered a code with {answer.status}")
            answer = page
        raise SignInRefused(f"{self.person.username}: {CODE_ATTEMPTS} one-time codes were refused")

    def get(self, address: str) -> Page:
        """Gets a path of this site, without following redirects."""
        return self._send("GET", address, None)

    def submit(self, page: Page, field: str, **values: str) -> Page:
        """Fills in and sends the page's form that has this field. Raises SignInRefused if there is none."""
        form = next((form for form in forms(page.body) if field in form.fields), None)
        if form is None:
            raise SignInRefused(f"no form with a field {field} at {page.address} ({page.status})")
        return self._send("POST", urljoin(page.address, form.action), form.fields | values)

    def credentials(self) -> dict[str, str]:
        return {"username": self.person.username, "password": self.person.password}

    def next_code(self, *, begun: bool = False) -> str:
        """Calls the function of this name for this person."""
        return next_code(self.url, self.person.totp_secret, begun=begun)

    def _send(self, method: str, address: str, fields: dict[str, str] | None) -> Page:
        place = urlsplit(urljoin(self.url, address))
        headers = {"Cookie": self.cookie, "Origin": self.url, "Referer": urljoin(self.url, address)}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=30)
        try:
            path = place.path + (f"?{place.query}" if place.query else "")
            connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
            response = connection.getresponse()
            body = response.read().decode(errors="replace")
        finally:
            connection.close()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        return Page(response.status, response.headers.get("Location") or address, body)

    def _keep(self, headers: list[str]) -> None:
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def forms(html: str) -> list[Form]:
    """Returns the forms of a page, with their named fields (also hidden ones) and the values in them."""
    reader = _Forms()
    reader.feed(html)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(values.get("action", ""), {}))
        elif tag == "input" and self.found and values.get("name"):
            self.found[-1].fields[values["name"]] = values.get("value", "")
