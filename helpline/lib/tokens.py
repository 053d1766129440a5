"""Makes and checks bearer tokens of 32 random bytes, of which the database keeps only a hash."""

import hashlib
import hmac

from helpline.lib import encoding

TOKEN_BYTES = 32


def new_token() -> str:
    return encoding.new_id(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """Returns SHA-256. A token has full entropy, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).digest()


def matches(token: str, stored: bytes | memoryview | None) -> bool:
    """Returns whether the token has this hash. Compares in constant time, even if nothing is stored."""
    return hmac.compare_digest(digest(token), bytes(stored or bytes(32)))
