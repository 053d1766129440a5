"""Every test here brings clients in."""

import pytest


@pytest.fixture(autouse=True)
def _home(everybody_goes_home: None) -> None:
    """Clients leave at the end of each test."""
