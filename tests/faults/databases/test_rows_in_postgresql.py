"""What the domain refuses and outlives in SQLite, it does in PostgreSQL: the same modules again, there.

A minute: with FAULTS=long (`make drills`) only.
"""

import pytest

from tests.support.in_postgresql import assert_they_hold
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
MODULES = (
    "figures/test_batches",
    "handoff/test_guests",
    "handoff/test_invitations",
    "retention/test_erased_at_once",
    "retention/test_nothing_in_common",
    "retention/test_slots",
    "staff/signin/test_known_browser",
    "staff/signin/test_second_factor",
    "staff/signin/test_sessions",
)


def test_they_hold_in_postgresql(postgres: Postgres) -> None:
    assert_they_hold(postgres, MODULES)
