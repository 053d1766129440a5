"""Helpwanted is certified: Floor signs, and the root's words are the test's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.support.domain import certifying
from tests.support.domain.cast import Counsellor
from tests.support.domain.certifying import House


@pytest.fixture
def house(settings: Settings, tmp_path: Path) -> Iterator[House]:
    """Nothing is signed yet, and no root is named."""
    yield certifying.a_house(settings, tmp_path)
    certifying.forget()


@pytest.fixture
def certified(house: House, floor: Counsellor, helpwanted: object) -> House:
    """The root is named, and Floor's browser may sign for Helpwanted."""
    house.names_its_root()
    house.signs_scopes(house.signs_with(floor))
    return house
