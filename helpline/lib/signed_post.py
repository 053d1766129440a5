"""Sends a POST that its receiver can verify, according to Standard Webhooks 1.0 (standardwebhooks.com).

The signature is the HMAC-SHA256 of `id.timestamp.body`; the secret is `whsec_` and 24 to 64 bytes in base64.
The POST is sent over HTTPS only, and certificates are checked. A redirect counts as a failure, because it
would send the body to an address that no administrator entered. No connection goes to our own network, unless
the operator allows the receiver (HELPLINE_RECEIVERS_INSIDE).
"""

import base64
import binascii
import contextlib
import secrets
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.request import getproxies, proxy_bypass

import structlog
import urllib3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from standardwebhooks import Webhook
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from helpline.lib import public_addresses
from helpline.lib.public_addresses import LeadsInside

_log = structlog.get_logger()

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)
# How many of a receiver's addresses each delivery tries. Their timeouts together are shorter than the time
# for which the outbox claims a message.
MAX_ADDRESSES = 2
UNREACHED = (NewConnectionError, ConnectTimeoutError)
https_only = URLValidator(schemes=["https"])


@dataclass(frozen=True, slots=True)
class SignedPost:
    """Represents one try of a delivery. All tries have the same id and body, but each has its own timestamp
    and signature."""

    url: str
    secret: str
    id: str
    timestamp: int
    body: bytes

    @property
    def signature(self) -> str:
        at = datetime.fromtimestamp(self.timestamp, UTC)
        return Webhook(_key(self.secret)).sign(self.id, at, self.body.decode())

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
        """Sends the POST. Returns whether the receiver accepted it, with any status from 200 to 299."""
        try:
            place = parse_url(self.url)
            if place.scheme != "https" or not place.host or place.auth:
                return False
            name = place.host.strip("[]")
            return self._send_to(place, name, timeout=timeout)
        except LeadsInside:
            _log.warning("receiver_inside")
            return False
        except (OSError, HTTPError, ValueError):
            return False

    def _send_to(self, place: Url, name: str, *, timeout: float) -> bool:
        port = place.port or 443
        found = public_addresses.of(name, port, allowed=settings.RECEIVERS_INSIDE)
        for address in found[:MAX_ADDRESSES]:
            with _pool(address, port, name, timeout) as pool, contextlib.suppress(*UNREACHED):
                answer = pool.urlopen(
                    "POST",
                    place.request_uri,
                    self.body,
                    self.headers | {"host": place.netloc or name},
                    redirect=False,
                    preload_content=False,
                )
                answer.close()
                return 200 <= answer.status < 300
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
    """Limits the time for the whole response: otherwise a receiver that sends one byte at a time could hold
    the connection for days."""

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
        timer = threading.Timer(float(self.timeout or 0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()
        finally:
            timer.cancel()

    def _cut(self) -> None:
        if (sock := self.sock) is not None:
            with contextlib.suppress(OSError):  # another thread may have closed the socket
                sock.shutdown(socket.SHUT_RDWR)


def _pool(address: str, port: int, name: str, timeout: float) -> urllib3.HTTPConnectionPool:
    """Returns a pool that connects to this address, through the environment's proxy if there is one, and
    checks the certificate against this name."""
    proxy = None if proxy_bypass(name) else getproxies().get("https")
    manager = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
    facts = {
        "server_hostname": name.rstrip("."),
        "ssl_context": ssl.create_default_context(),
        "timeout": urllib3.Timeout(connect=timeout, read=timeout),
        "retries": False,
    }
    pool = manager.connection_from_host(address, port, "https", pool_kwargs=facts)
    pool.ConnectionCls = _Connection
    return pool
