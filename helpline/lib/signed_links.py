"""Tokens of one-time links and cookies: each names something, and proves that this server gave it out.

They are derived from the server's secret, so that no table and no backup holds what admits anybody.
"""

import hmac
from hashlib import sha256

from django.conf import settings

from helpline.lib import encoding
from helpline.lib.errors import BadFrame, NotFound

NAME_BYTES = 16
PROOF_BYTES = 16


def token(purpose: str, name: str) -> str:
    """Returns 43 characters, as they follow `#` in a link, or for a cookie. `name` is the row's id, or
    random."""
    return encoding.encode(encoding.decode(name, NAME_BYTES) + _proof(purpose, name))


def name_in(purpose: str, given: str) -> str:
    """Returns the id of the row that the token names. Raises NotFound for one that this server never gave
    out."""
    try:
        name = encoding.encode(encoding.decode(given, NAME_BYTES + PROOF_BYTES)[:NAME_BYTES])
    except BadFrame:
        raise NotFound from None
    if not hmac.compare_digest(given, token(purpose, name)):
        raise NotFound
    return name


def is_ours(purpose: str, given: str) -> bool:
    """Whether this server gave the token out, even if it is no longer valid. It reads no row."""
    try:
        name_in(purpose, given)
    except NotFound:
        return False
    return True


def _proof(purpose: str, name: str) -> bytes:
    message = f"helpline link {purpose} {name}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, sha256).digest()[:PROOF_BYTES]
