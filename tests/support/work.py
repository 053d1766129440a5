"""Plays a browser that does the work that is asked for a place."""

import json

from altcha import Challenge, Payload, solve_challenge


def solve(challenge: str) -> str:
    """Returns the payload, as a page sends it."""
    asked = Challenge.from_dict(json.loads(challenge))
    found = solve_challenge(asked)
    assert found is not None
    return Payload(asked, found).to_base64()
