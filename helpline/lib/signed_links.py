"""Makes and checks tokens for one-time links and cookies. Each names something, and proves that this server
issued it.

The proof is derived from the server's secret, so no table and no backup holds anything that grants access.
"""

import hmac
from hashlib import sha256

from django.conf import settings

from helpline.lib import encoding
from helpline.lib.errors import BadFrame, NotFound

NAME_BYTES = 16
PROOF_BYTES = 16


def token(purpose: str, name: str) -> str:
    """Returns a token of 43 characters, for a link (after `#`) or a cookie. `name` is the row's id, or
    random."""
    return encoding.encode(encoding.decode(name, NAME_BYTES) + _proof(purpose, name))


def name_in(purpose: str, given: str) -> str:
    """Returns the id of the row that the token names. Raises NotFound for a token that this server never
    issued."""
    try:
        name = encoding.encode(encoding.decode(given, NAME_BYTES + PROOF_BYTES)[:NAME_BYTES])
    except BadFrame:
        raise NotFound from None
    if not hmac.compare_digest(given, token(purpose, name)):
        raise NotFound
    return name


def is_ours(purpose: str, given: str) -> bool:
    """Returns whether this server issued the token, even if it is no longer valid. Reads no row."""
    try:
        name_in(purpose, given)
    except NotFound:
        return False
    return True


def _proof(purpose: str, name: str) -> bytes:
    message = f"helpline link {purpose} {name}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, sha256).digest()[:PROOF_BYTES]
