"""A pytest plugin that names the tests which `-m` leaves out."""

import sys
from collections.abc import Sequence

import pytest

MARK = "left out: "


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        sys.stdout.write(f"{MARK}{item.nodeid}\n")
