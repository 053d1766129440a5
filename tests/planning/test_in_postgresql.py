"""The rota and the reports work on PostgreSQL as on SQLite. There two rivals run on real connections."""

import pytest

from tests.support.in_postgresql import assert_they_hold
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
MODULES = (
    "planning/test_own_rota",
    "planning/test_shifts",
    "planning/test_rivals_for_a_place",
    "reports/test_report",
)


def test_the_rota_is_the_same_in_postgresql(postgres: Postgres) -> None:
    assert_they_hold(postgres, MODULES)
