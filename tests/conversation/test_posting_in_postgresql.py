"""The rule of posting holds in PostgreSQL as in SQLite, and in its races: the same modules again, there."""

import pytest

from tests.support.in_postgresql import assert_they_hold
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
MODULES = (
    "conversation/test_posting",
    "conversation/test_posting_together",
    "conversation/test_posting_rule",
    "conversation/test_posting_races",
    "conversation/test_exit_races",
    "conversation/test_posting_on_the_loop",
    "conversation/test_how_much_is_posted",
)


def test_posting_is_the_same_in_postgresql(postgres: Postgres) -> None:
    assert_they_hold(postgres, MODULES)
