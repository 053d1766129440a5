"""Seeds all random choices with TESTS_SEED, which each run prints, so that a run can be repeated. `make test`
always uses the same seed. `make test-long` uses the commit, and the drills a new one."""

import hashlib
import os

SAME = "none"
RUN = os.environ.get("TESTS_SEED") or SAME


def seed(what: str) -> int:
    """Returns 32 bits for this purpose, the same in every process of a run."""
    return int.from_bytes(hashlib.sha256(f"{RUN}\0{what}".encode()).digest()[:4])
