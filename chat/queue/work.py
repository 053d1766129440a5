"""Makes and checks the proof of work that a browser computes for a place while a line is under pressure: an
Altcha challenge, version 2.

The server picks the counter, so that the work is bounded and a challenge costs the server one key derivation.
An answer costs it none, because the challenge contains a signature of the key that the browser searches.
Nothing is known or kept about who solves it.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

import altcha
import msgspec
from django.conf import settings

from chat import one_use

CHALLENGE_TTL = timedelta(minutes=2)
ITERATIONS_PER_CALL = 2_000  # so many that the overhead of a call does not matter
ALGORITHM = "PBKDF2/SHA-256"


def challenge(line: str, work: int, *, now: datetime) -> str:
    """Returns the JSON of a challenge that takes between half and all of `work` iterations."""
    most = max(2, work // ITERATIONS_PER_CALL)
    made = altcha.create_challenge(
        ALGORITHM,
        ITERATIONS_PER_CALL,
        counter=most // 2 + secrets.randbelow(most - most // 2),
        expires_at=now + CHALLENGE_TTL,
        data={"line": line, "work": work},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    )
    return msgspec.json.encode(made.to_dict()).decode()


def accept(line: str, answer: str, least: int, *, now: datetime) -> bool:
    """Returns whether `answer` is correct, in time, of at least `least` work, and the first one to its
    challenge, which must be this line's.

    An invalid answer costs the server one hash, because the signature is checked before the database is
    queried. Challenges that were gathered while work was light do not count when it is heavy.
    """
    try:
        payload = altcha.Payload.from_base64(answer)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    found = altcha.verify_solution(payload, _key("challenge"), hmac_key_secret=_key("solution"))
    if found.expired or found.invalid_signature:
        return False
    asked = payload.challenge.parameters
    expires_at = datetime.fromtimestamp(asked.expires_at or 0, UTC)
    data = asked.data or {}
    if data.get("line") != line or data.get("work", 0) < least or expires_at <= now:
        return False
    # A wrong answer also uses up the challenge, so nobody tries twice.
    return one_use.use(str(payload.challenge.signature), expires_at) and found.verified


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"helpline work {purpose}".encode(), "sha256")
