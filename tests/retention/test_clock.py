"""With a clock that is wrong by more than an hour nothing is purged, and no clock destroys what people write
now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from chat.conversation import endings
from chat.keys import slot_files
from chat.models import Conversation
from chat.retention import clock_guard, purge
from chat.runtime.rounds import Rounds
from helpline.lib import clock
from tests.support.domain.cast import Caller, Counsellor
from tests.support.domain.supervisors import row_of, talked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = timedelta(hours=1)
AHEAD = 47 * HOUR  # within what a worker may be silent, and past D
type Apart = Callable[[timedelta], None]


@pytest.fixture
def database_is(monkeypatch: pytest.MonkeyPatch) -> Apart:
    """Moves the clock of the database's host this far from ours."""

    def is_apart(apart: timedelta) -> None:
        monkeypatch.setattr(clock_guard, "database_clock", lambda: clock.now() + apart)

    return is_apart


def a_new_process() -> None:
    clock_guard._run = clock_guard._Run()


def key_of(caller: Caller) -> Path:
    slot = row_of(caller).slot
    assert slot
    return slot_files.path_of(settings.KEY_FOLDERS[0], slot.hour, slot.file)


def halted(now: datetime) -> str:
    try:
        clock_guard.check(now)
    except clock_guard.ClockHalted as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("minutes", "why"), [(59, ""), (61, "jump"), (47 * 60, "jump"), (-4, ""), (-61, "backwards")]
)
def test_within_a_run_a_clock_may_be_off_by_an_hour_and_no_more(
    carla: Counsellor, minutes: int, why: str
) -> None:
    now = clock.now()
    assert halted(now) == ""
    assert halted(now + timedelta(minutes=minutes)) == why


@pytest.mark.parametrize(("minutes", "why"), [(59, ""), (-59, ""), (61, "database"), (-61, "database")])
def test_a_clock_more_than_an_hour_from_the_database_s_halts_a_start_too(
    carla: Counsellor, database_is: Apart, minutes: int, why: str
) -> None:
    database_is(timedelta(minutes=minutes))
    assert halted(clock.now()) == why


@pytest.mark.parametrize("apart", [2 * HOUR, -72 * HOUR])
def test_nobody_can_say_that_the_clock_is_right_while_the_database_s_is_another(
    carla: Counsellor, database_is: Apart, apart: timedelta
) -> None:
    anna = talked(carla)
    purge.purge(clock.now())
    key, out = key_of(anna), StringIO()
    a_new_process()
    with time_machine.travel(clock.now() + 72 * HOUR, tick=False):
        database_is(apart)
        with pytest.raises(CommandError, match="One of the two clocks is wrong"):
            call_command("purge", "--clock-is-right", stdout=out)
        assert clock.stamp(clock.now()) in out.getvalue()
        assert clock.stamp(clock.now() + apart) in out.getvalue()
        assert key.exists()
        database_is(timedelta(minutes=59))
        call_command("purge", "--clock-is-right", stdout=out)
        assert not key.exists()


def test_what_somebody_said_of_two_clocks_counts_until_the_next_start(
    carla: Counsellor, database_is: Apart
) -> None:
    database_is(2 * HOUR)
    with pytest.raises(CommandError, match="database"):
        call_command("purge")
    clock_guard.trust(clock.now())
    assert halted(clock.now()) == ""
    a_new_process()
    assert halted(clock.now()) == "database"


@pytest.mark.parametrize("apart", [timedelta(), 2 * HOUR])
def test_a_worker_that_runs_learns_that_somebody_looked(
    carla: Counsellor, database_is: Apart, apart: timedelta
) -> None:
    moment = clock.now()
    assert halted(moment) == ""
    database_is(apart)
    if not apart:
        moment += 2 * HOUR
    assert halted(moment) == ("database" if apart else "jump")
    worker = clock_guard._run
    a_new_process()
    clock_guard.trust(moment)
    clock_guard._run = worker
    assert halted(moment) == ""


@pytest.mark.parametrize("meets_deadlines", [True, False])
def test_a_start_with_a_clock_that_is_47_hours_ahead_destroys_no_key_of_a_running_conversation(
    carla: Counsellor, meets_deadlines: bool
) -> None:
    anna, now = talked(carla, ended=False), clock.now()
    purge.purge(now)
    before = key_of(anna).read_bytes()
    assert now + AHEAD > row_of(anna).purge_at
    a_new_process()
    with time_machine.travel(now + AHEAD, tick=False):
        if meets_deadlines:  # at the same time deadlines end it first
            Rounds().go(clock.now())
            assert row_of(anna).ended_at
        with pytest.raises(CommandError, match="open"):
            call_command("purge")
        assert key_of(anna).read_bytes() == before
        call_command("purge", "--clock-is-right", stdout=StringIO())
        assert not Conversation.objects.exists(), "somebody looked, and it was so late"


def test_a_first_start_destroys_no_key_of_a_running_conversation(carla: Counsellor) -> None:
    anna, now = talked(carla, ended=False), clock.now()
    assert halted(now + AHEAD) == "open"
    assert key_of(anna).exists()


def test_a_worker_that_was_down_for_two_days_goes_on_by_itself_where_nobody_was_talking(
    carla: Counsellor,
) -> None:
    anna, now = talked(carla, ended=False), clock.now()
    endings.leave(anna.seat, now=now)
    purge.purge(now + timedelta(minutes=1))
    key = key_of(anna)
    a_new_process()
    purge.purge(now + AHEAD)
    assert not key.exists()
    assert not Conversation.objects.exists()


def test_also_a_clock_that_is_trusted_destroys_no_key_before_its_conversation_has_ended(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = talked(carla, ended=False)
    before, moment = key_of(anna).read_bytes(), row_of(anna).purge_at
    clock_guard.trust(moment)
    with monkeypatch.context() as patched:
        patched.setattr(purge, "_end_what_is_still_open", lambda _now: None)
        purge.purge(moment)
    assert key_of(anna).read_bytes() == before
    key = key_of(anna)
    purge.purge(moment)
    assert not key.exists()
    assert not Conversation.objects.exists()
