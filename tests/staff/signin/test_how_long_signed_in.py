"""A session lasts for twelve hours at most, and ends after an hour in which nobody used it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from time_machine import TimeMachineFixture

from chat.consumers import access
from chat.retention import clock_guard
from chat.runtime.rounds import Rounds
from counsellors.models import Session
from counsellors.signin import sessions
from counsellors.signin.accounts import person_of_session
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support.cast import carla, esra
from tests.support.frames import HandshakeRefused
from tests.support.platform import Platform

IDLE = 10  # seconds: more than a late check and a late beat take together
MINUTES, HOURS = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def browser(db: None, time_machine: TimeMachineFixture) -> Client:
    """Returns a browser that has just signed in."""
    time_machine.move_to(clock.now())
    return staff.sign_in(staff.carla())


def _signed_in(browser: Client) -> bool:
    return person_of_session(_token(browser)) is not None


def _token(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_twelve_hours_after_the_sign_in_it_ends_however_much_it_was_used(
    browser: Client, time_machine: TimeMachineFixture
) -> None:
    for _ in range(23):
        time_machine.shift(30 * MINUTES)
        session = browser.session
        session["stored"] = "again"
        session.save()
        assert browser.get("/console/").status_code == 200
    time_machine.shift(29 * MINUTES)
    assert _signed_in(browser)
    time_machine.shift(2 * MINUTES)
    assert not _signed_in(browser)
    assert browser.get("/console/").headers["Location"] == "/login/"


def test_an_hour_without_a_click_ends_it(browser: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.shift(59 * MINUTES)
    assert _signed_in(browser)
    time_machine.shift(2 * MINUTES)
    assert not _signed_in(browser)
    assert browser.get("/console/").headers["Location"] == "/login/"


def test_a_click_begins_the_hour_anew(browser: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.shift(50 * MINUTES)
    assert browser.get("/console/").status_code == 200
    time_machine.shift(50 * MINUTES)
    assert _signed_in(browser)


def test_a_frame_of_a_console_begins_the_hour_anew(browser: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.shift(50 * MINUTES)
    access._still_there({_token(browser): clock.now()})
    time_machine.shift(50 * MINUTES)
    access._still_there({_token(browser): clock.now() - 50 * MINUTES})
    assert _signed_in(browser)
    time_machine.shift(11 * MINUTES)
    assert not _signed_in(browser), "the looks themselves are no use"


def test_beats_write_a_row_every_few_minutes_at_most(
    browser: Client, time_machine: TimeMachineFixture
) -> None:
    written = set()
    for _ in range(60):
        time_machine.shift(timedelta(seconds=20))
        access._still_there({_token(browser): clock.now()})
        written.add(Session.objects.get().used_at)
    assert sessions.USE_NOTED_EVERY >= 2 * MINUTES
    assert 2 < len(written) <= 20 * MINUTES / sessions.USE_NOTED_EVERY + 1


def test_a_use_does_not_bring_back_what_was_ended_meanwhile(
    browser: Client, time_machine: TimeMachineFixture
) -> None:
    [row] = sessions.living([_token(browser)]).values()
    Session.objects.all().delete()
    sessions.keep(row, used_at=clock.now() + HOURS)
    assert not Session.objects.exists()


def test_the_password_step_is_kept_as_long_as_it_counts(time_machine: TimeMachineFixture, db: None) -> None:
    time_machine.move_to(clock.now())
    staff.carla()
    staff.give_password(Client(), "carla")
    time_machine.shift(9 * MINUTES)
    sessions.forget_ended(clock.now())
    assert Session.objects.exists()
    time_machine.shift(2 * MINUTES)
    sessions.forget_ended(clock.now())
    assert not Session.objects.exists()


def test_the_worker_forgets_what_has_ended(browser: Client, time_machine: TimeMachineFixture) -> None:
    Rounds().go(clock.now())
    assert Session.objects.exists()
    time_machine.shift(61 * MINUTES)
    clock_guard.trust(clock.now())  # no clock that jumped
    Rounds().go(clock.now())
    assert not Session.objects.exists()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Platform]:
    with Platform(SIGNED_IN_IDLE_SECONDS=IDLE, BEAT_SECONDS=1) as running:
        yield running


@pytest.mark.long
async def test_who_beats_stays_and_whose_console_is_silent_is_closed_and_must_sign_in(
    hasty: Platform,
) -> None:
    beating, silent = await carla(hasty), await esra(hasty, silent=True)
    assert await silent.closed(within=IDLE + 10) == 4403
    with pytest.raises(HandshakeRefused):
        await silent.connect()
    await asyncio.sleep(4)  # one more look
    assert beating.connected
