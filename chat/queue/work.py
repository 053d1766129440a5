"""Makes and checks the proof of work that a browser computes for a place in the queue while a line is under
pressure: an Altcha challenge, version 2.

The server chooses the counter that the browser has to find. This bounds the work, and making a challenge
costs the server only one key derivation. Checking an answer costs no key derivation, because the challenge
contains a signature of the key for which the browser searches. The server neither knows nor stores who solves
a challenge.
"""

import secrets
from datetime import UTC, datetime, timedelta

import altcha
import msgspec

from chat import one_use
from helpline.lib import server_secret

CHALLENGE_TTL = timedelta(minutes=2)
ITERATIONS_PER_CALL = 2_000  # enough to make the overhead of a call negligible
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
        hmac_secret=_keys("challenge")[0],
        hmac_key_secret=_keys("solution")[0],
    )
    return msgspec.json.encode(made.to_dict()).decode()


def accept(line: str, answer: str, least: int, *, now: datetime) -> bool:
    """Returns whether `answer` is correct, has not expired, and is the first answer to its challenge. The
    challenge must be for this line and require at least `least` iterations.

    An invalid answer costs the server one hash for each of its secrets, because the signature is checked
    before the database is queried. Because of `least`, nobody can collect easy challenges and use them when
    more work is required.
    """
    try:
        payload = altcha.Payload.from_base64(answer)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    results = (
        altcha.verify_solution(payload, signs, hmac_key_secret=answers)
        for signs, answers in zip(_keys("challenge"), _keys("solution"), strict=True)
    )
    found = next((one for one in results if not one.invalid_signature), None)
    if found is None or found.expired:
        return False
    asked = payload.challenge.parameters
    expires_at = datetime.fromtimestamp(asked.expires_at or 0, UTC)
    data = asked.data or {}
    if data.get("line") != line or data.get("work", 0) < least or expires_at <= now:
        return False
    # A wrong answer also uses up the challenge, so nobody can try twice.
    return one_use.use(str(payload.challenge.signature), expires_at) and found.verified


def _keys(purpose: str) -> list[bytes]:
    return server_secret.marks(f"helpline work {purpose}")
