"""Helpwanted is certified: Floor signs, and the root's words are the test's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.support.domain import certifying
from tests.support.domain.cast import Counsellor
from tests.support.domain.certifying import Installation


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """Nothing is signed yet, and no root is named."""
    yield certifying.an_installation(settings, tmp_path)
    certifying.forget()


@pytest.fixture
def certified(installation: Installation, floor: Counsellor, helpwanted: object) -> Installation:
    """The root is named, and Floor's browser may sign for Helpwanted."""
    installation.names_its_root()
    installation.signs_scopes(installation.signs_with(floor))
    return installation
