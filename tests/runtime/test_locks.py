"""Nobody waits longer than half a second for a row that somebody else holds."""

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from helpline.lib import locks


@pytest.mark.django_db
def test_in_postgresql_the_wait_for_a_row_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What PostgreSQL makes of it is tested in tests/faults/databases/test_slow_query.py."""
    cursor = MagicMock()
    monkeypatch.setattr(locks, "connection", SimpleNamespace(vendor="postgresql", cursor=lambda: cursor))
    with locks.lock_timeout():
        pass
    ((sql, values),) = [call.args for call in cursor.__enter__.return_value.execute.call_args_list]
    assert "lock_timeout" in sql
    assert values == ["500ms"]
