"""The rules of letters are tested again on PostgreSQL, with races that need two connections."""

import pytest

from tests.support.in_postgresql import assert_they_hold
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
MODULES = ("letters/test_races", "letters/test_talking")


def test_letters_and_their_rivals_hold_in_postgresql(postgres: Postgres) -> None:
    assert_they_hold(postgres, MODULES)
