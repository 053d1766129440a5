"""One line with its two counsellors and, behind the wall, another."""

import pytest

from chat.models import Line
from tests.chat.cast import Counsellor, a_counsellor, a_line


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line("helpwanted")


@pytest.fixture
def stopitnow(db: None) -> Line:
    return a_line("stopitnow")


@pytest.fixture
def carla(helpwanted: Line) -> Counsellor:
    return a_counsellor("Carla", helpwanted)


@pytest.fixture
def daan(helpwanted: Line) -> Counsellor:
    return a_counsellor("Daan", helpwanted)


@pytest.fixture
def esra(stopitnow: Line) -> Counsellor:
    return a_counsellor("Esra", stopitnow)
