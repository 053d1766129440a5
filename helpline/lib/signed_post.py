"""A POST that its receiver can trust, after Standard Webhooks 1.0 (standardwebhooks.com).

The signature is the HMAC-SHA256 of `id.timestamp.body`; the secret is `whsec_` and 24 to 64 bytes in base64.
Only HTTPS is spoken, certificates are checked, and a redirect is a failure: it would send the body to a place
that no administrator has named.
"""

import base64
import binascii
import hmac
import secrets
import socket
import threading
import urllib.request
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException, HTTPResponse, HTTPSConnection

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)
https_only = URLValidator(schemes=["https"])


@dataclass(frozen=True, slots=True)
class SignedPost:
    """One try: the same id and body each time, a timestamp and a signature of its own."""

    url: str
    secret: str
    id: str
    timestamp: int
    body: bytes

    @property
    def signature(self) -> str:
        signed = f"{self.id}.{self.timestamp}.".encode() + self.body
        return "v1," + base64.b64encode(hmac.digest(_key(self.secret), signed, sha256)).decode()

    @property
    def headers(self) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "user-agent": "helpline",
            "webhook-id": self.id,
            "webhook-timestamp": str(self.timestamp),
            "webhook-signature": self.signature,
        }

    def send(self, *, timeout: float) -> bool:
        """Whether the receiver took it: any answer of 200 to 299."""
        try:
            request = urllib.request.Request(self.url, self.body, self.headers, method="POST")  # noqa: S310 – HTTPS
            with _opener().open(request, timeout=timeout):
                return True
        except (OSError, HTTPException, ValueError):
            return False


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def validate_secret(secret: str) -> None:
    try:
        fits = secret.startswith(PREFIX) and len(_key(secret)) in SECRET_BYTES
    except (binascii.Error, ValueError):
        fits = False
    if not fits:
        raise ValidationError("whsec_ + base64 (24–64 bytes)")


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


class _Connection(HTTPSConnection):
    """Its answer ends with its time: a receiver that sends a byte now and then would hold us for days."""

    def getresponse(self) -> HTTPResponse:
        timer = threading.Timer(self.timeout or 0, self.sock.shutdown, [socket.SHUT_RDWR])
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()
        finally:
            timer.cancel()


class _Handler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_Connection, req)


def _opener() -> urllib.request.OpenerDirector:
    """Knows HTTPS and the environment's proxy. What it does not know it does not do: HTTP, redirects."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        _Handler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener
