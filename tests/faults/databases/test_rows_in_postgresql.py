"""Runs the domain tests of refusals and recovery on PostgreSQL as well as SQLite. It takes a minute, so it
runs only with FAULTS=long (`make drills`)."""

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
