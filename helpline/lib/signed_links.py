"""Makes and checks tokens for one-time links and cookies. A token contains an id, and a proof that this
server issued the token.

The proof is derived from the server's secret (helpline/lib/server_secret.py), so no table and no backup holds
anything that grants access.
"""

import hmac

from helpline.lib import encoding, server_secret
from helpline.lib.errors import BadFrame, NotFound

NAME_BYTES = 16
PROOF_BYTES = 16


def token(purpose: str, name: str) -> str:
    """Returns a token of 43 characters, for a link (after `#`) or a cookie. `name` is the id of a row, or a
    random id."""
    proof = server_secret.mark(_message(purpose, name))[:PROOF_BYTES]
    return encoding.encode(encoding.decode(name, NAME_BYTES) + proof)


def name_in(purpose: str, given: str) -> str:
    """Returns the id in the token. Raises NotFound for a token that this server never issued."""
    try:
        decoded = encoding.decode(given, NAME_BYTES + PROOF_BYTES)
    except BadFrame:
        raise NotFound from None
    name = encoding.encode(decoded[:NAME_BYTES])
    proof, marks = decoded[NAME_BYTES:], server_secret.marks(_message(purpose, name))
    if not any(hmac.compare_digest(proof, one[:PROOF_BYTES]) for one in marks):
        raise NotFound
    return name


def is_ours(purpose: str, given: str) -> bool:
    """Returns whether this server issued the token, even if it is no longer valid. Reads no row."""
    try:
        name_in(purpose, given)
    except NotFound:
        return False
    return True


def _message(purpose: str, name: str) -> str:
    return f"helpline link {purpose} {name}"
