"""Pressure is shown on the board, as an alert, and as metrics."""

import pytest
from django.test import Client
from pytest_django import Settings

from chat.models import Line
from chat.queue import signs, tally
from chat.requests.supervision.board import board_frames
from chat.supervision import alert_messages, alerts
from chat.supervision.board import Pressure, board
from helpline.lib import clock
from tests.support.domain.cast import a_caller

TOKEN = "a token of a test, of 32 characters or more"


@pytest.fixture(autouse=True)
def _ten_places(helpwanted: Line, stopitnow: Line, settings: Settings) -> None:
    settings.QUEUE_MAX, settings.PRESSURE_LEAST, settings.METRICS_TOKEN = 10, 2, TOKEN
    tally.forget()
    alerts.forget()


def wait(callers: int) -> None:
    for _ in range(callers):
        a_caller()
    signs.forget()


@pytest.mark.parametrize(("callers", "level"), [(0, 0), (5, 0), (8, 1), (9, 2), (10, 3)])
def test_the_board_shows_what_a_place_costs(helpwanted: Line, callers: int, level: int) -> None:
    wait(callers)
    (row,) = board_frames(["helpwanted"], clock.now())
    assert row.pressure.level == level


def test_the_board_shows_what_the_work_did_today_to_each_line(helpwanted: Line, stopitnow: Line) -> None:
    for name, times in (("work_asked", 7), ("work_earned", 3), ("line_full", 2)):
        for _ in range(times):
            tally.note("helpwanted", name)
    tally.write(now=clock.now())
    assert board(helpwanted, now=clock.now()).pressure == Pressure(0, asked=7, earned=3, refused=2)
    assert board(stopitnow, now=clock.now()).pressure == Pressure(0, 0, 0, 0)


@pytest.mark.parametrize(("callers", "raised"), [(7, []), (8, ["pressure"]), (10, ["pressure"])])
def test_pressure_raises_an_alert(helpwanted: Line, callers: int, raised: list[str]) -> None:
    wait(callers)
    found = alerts.codes([helpwanted], now=clock.now())["helpwanted"]
    assert [code for code in found if code not in {"nobody", "waiting"}] == raised


def test_the_mail_about_it_has_words(helpwanted: Line, settings: Settings) -> None:
    subject, body = alert_messages._in_words(alerts.Alert(helpwanted, ["pressure"], clock.now()))
    assert helpwanted.name in subject
    assert "alert.pressure" not in body


def test_machines_read_the_level_and_the_totals_of_each_line(client: Client) -> None:
    def metrics() -> dict[str, float]:
        page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        rows = (row.rsplit(" ", 1) for row in page.splitlines() if not row.startswith("#"))
        return {name: float(value) for name, value in rows}

    tally.note("helpwanted", "work_asked")
    before = metrics()
    wait(9)
    for name in ("work_asked", "work_earned", "line_full"):
        tally.note("helpwanted", name)
    after = metrics()
    assert after['helpline_pressure{line="helpwanted"}'] == 2
    assert after['helpline_pressure{line="stopitnow"}'] == 0
    for name in ("helpline_work_asked", "helpline_work_earned", "helpline_line_full"):
        key = f'{name}_total{{line="helpwanted"}}'
        assert after[key] == before.get(key, 0) + 1
