"""Guesses under unknown names are counted, and leave nothing that grows."""

import pytest
from django.test import Client
from pytest_django import Settings

from counsellors.models import AuditRow, WrongGuesses
from counsellors.signin import locks
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
TOKEN = "a token of a test, of 32 characters or more"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MAX_UNKNOWN_NAMES", 3)


def test_a_flood_of_made_up_names_writes_no_row_into_the_audit() -> None:
    _flood(20)
    assert not AuditRow.objects.exists()


def test_a_flood_of_made_up_names_leaves_a_bounded_number_of_counts() -> None:
    _flood(20)
    assert WrongGuesses.objects.count() == 3


def test_a_flood_of_made_up_names_wipes_out_no_count_of_a_known_one() -> None:
    staff.carla()
    for _ in range(4):
        staff.give_password(Client(), "carla", "a guess")
    _flood(20)
    assert "seconden" in staff.give_password(Client(), "carla", "a guess").content.decode()


def test_after_a_flood_a_name_that_nobody_has_is_locked_like_a_known_one() -> None:
    _flood(20)
    for _ in range(5):
        answer = staff.give_password(Client(), "somebody", "a guess")
    assert "Wacht 15 seconden" in answer.content.decode()


def test_each_such_try_is_a_number_for_machines_without_the_name(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    before = _counted()
    _flood(4)
    staff.carla()
    staff.give_password(Client(), "carla", "a guess")
    assert _counted() == before + 4
    assert "made-up" not in _metrics()


def _flood(names: int) -> None:
    for number in range(names):
        staff.give_password(Client(), f"made-up-{number}")


def _counted() -> float:
    lines = _metrics().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("helpline_unknown_names_total "))


def _metrics() -> str:
    return Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
