"""Derives marks from the server's secret: signatures of links and challenges, PINs, the names of cookies.

New marks are made with HELPLINE_SECRET_KEY. Marks made with HELPLINE_SECRET_KEY_ALSO are accepted too, so
that the secret can be changed while processes restart one after the other (docs/secrets.md).
"""

import hmac

from django.conf import settings


def mark(message: str) -> bytes:
    """Returns the HMAC-SHA256 of the message under the secret in use."""
    return marks(message)[0]


def marks(message: str) -> list[bytes]:
    """Returns the mark under each accepted secret, beginning with the secret in use."""
    return [hmac.digest(secret.encode(), message.encode(), "sha256") for secret in secrets()]


def secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
