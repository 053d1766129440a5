"""Sets how much is played: a few minutes in CI, and with FAULTS=long (`make faults`) the numbers of the
design."""

import os
from typing import Any

from tests.support import chance

LONG = os.environ.get("FAULTS") == "long"
ROUNDS = int(os.environ.get("FAULT_ROUNDS") or (200 if LONG else 12))
SEED = chance.seed("faults")
CHATS = 50 if LONG else 20
SOCKETS = 500 if LONG else 200
AWAY = 30 if LONG else 5  # seconds that a server is gone
TIMES = 20 if LONG else 3  # repetitions of a race

# The contract's timings when there is time for them.
SHORT: dict[str, Any] = {} if LONG else {"GRANT_SECONDS": 3, "HERE_SECONDS": 6, "STAFF_LEASE_SECONDS": 9}
GRANT, HERE, STAFF_LEASE = (20, 45, 60) if LONG else (3, 6, 9)
FOLLOWS = 5  # an entry that tells of a deadline follows within 5 s

# How long PostgreSQL, or the worker, is away if leases last this long.
LONG_AWAY = (120, 300, 1200) if LONG else (12, 30)
LEASE = 60 if LONG else 6
LEASES: dict[str, Any] = (
    {}
    if LONG
    else dict.fromkeys(
        (
            "HERE_SECONDS",
            "STAFF_LEASE_SECONDS",
            "WAITING_AWAY_SECONDS",
            "UNHEARD_SECONDS",
            "CALLER_SILENT_SECONDS",
        ),
        LEASE,
    )
)
