"""Chance that can be played again: every seed follows from TESTS_SEED, which each run prints.

`make test` leaves it out: the same each time. `make test-long` takes the commit, and the drills a new one.
"""

import hashlib
import os

SAME = "none"
RUN = os.environ.get("TESTS_SEED") or SAME


def seed(what: str) -> int:
    """32 bits for this purpose, the same in every process of a run."""
    return int.from_bytes(hashlib.sha256(f"{RUN}\0{what}".encode()).digest()[:4])
