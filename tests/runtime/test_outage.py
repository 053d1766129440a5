"""While the server cannot write, nobody can renew a lease. Each lease ends one full lease after it can write
again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings
from time_machine import TimeMachineFixture

from chat.conversation import coming_back, presence
from chat.lines import open_or_close
from chat.models import Heartbeat, Line, Member
from chat.runtime import heartbeat, starting
from chat.runtime.rounds import Rounds
from counsellors import duty
from helpline.lib import clock, file_timeouts
from tests.support.domain.cast import Caller, Counsellor, a_caller, kinds, later, says, state_of, taken

AWAY = 1200  # seconds
BEGIN = datetime(2026, 11, 18, 17, tzinfo=UTC)
STEP = 4  # seconds between two rounds: no gap yet


class Evening:
    """Plays rounds at seconds of one evening, by workers that start and stop. Between two runs nobody can
    write."""

    def __init__(self, begun: datetime) -> None:
        self.begun = begun
        self.worker = Rounds()

    def at(self, second: float) -> datetime:
        return later(self.begun, second)

    def go_on(self, first: int, last: int) -> None:
        for second in (*range(first, last, STEP), last):
            self.worker.go(self.at(second))


@pytest.fixture
def evening() -> Evening:
    evening = Evening(clock.now())
    evening.go_on(-STEP, 0)
    return evening


def silent_pair(carla: Counsellor, evening: Evening) -> Caller:
    presence.arrive("console", device=carla.device.pk, now=evening.at(0))
    return taken(carla, evening.at(0))[0]


def test_a_counsellor_is_lost_one_lease_after_the_server_could_write_again(
    helpwanted: Line, carla: Counsellor, evening: Evening
) -> None:
    anna = silent_pair(carla, evening)
    evening.go_on(AWAY, AWAY + 59)
    assert "left" not in kinds(anna.seat)
    assert duty.of(carla.person).state == "on"  # type: ignore[union-attr]
    evening.go_on(AWAY + 60, AWAY + 61)
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert duty.of(carla.person).state == "off"  # type: ignore[union-attr]


def test_nobody_is_shown_as_away_before_their_frames_could_be_written(
    helpwanted: Line, carla: Counsellor, evening: Evening
) -> None:
    anna = silent_pair(carla, evening)
    seats = Member.objects.filter(conversation=anna.conversation)
    evening.go_on(AWAY, AWAY + 44)
    assert not seats.filter(here=False).exists()
    evening.go_on(AWAY + 45, AWAY + 46)
    assert not seats.filter(here=True).exists()


def test_where_staff_s_lease_is_the_shorter_one_callers_keep_theirs(
    helpwanted: Line, carla: Counsellor, evening: Evening, settings: Settings
) -> None:
    settings.STAFF_LEASE = timedelta(seconds=10)
    anna = silent_pair(carla, evening)
    evening.go_on(AWAY, AWAY + 30)
    assert Member.objects.get(pk=anna.seat.member).here
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]


@pytest.mark.parametrize(
    ("wrote", "lease"),
    [
        pytest.param(False, 60, id="who wrote nothing"),
        pytest.param(True, 600, id="who wrote", marks=pytest.mark.long),
    ],
)
def test_a_place_in_the_queue_is_kept_one_lease_after_the_server_could_write_again(
    helpwanted: Line, evening: Evening, wrote: bool, lease: int
) -> None:
    anna, bilal = a_caller(now=evening.at(0)), a_caller(now=evening.at(0))
    for caller in (anna, bilal):
        if wrote:
            says(caller.seat, now=evening.at(0))
        presence.depart(caller.socket, now=evening.at(0))
    evening.go_on(AWAY, AWAY + lease - 1)
    coming_back.resume(anna.conversation, anna.opened.token, socket="back", now=evening.at(AWAY + lease - 1))
    evening.go_on(AWAY + lease, AWAY + lease + 1)
    assert (state_of(anna), state_of(bilal)) == ("waiting", "abandoned")


def test_a_conversation_whose_caller_is_away_is_kept_one_lease_after_the_server_could_write_again(
    helpwanted: Line, carla: Counsellor, evening: Evening, settings: Settings
) -> None:
    settings.CALLER_SILENT = timedelta(seconds=100)
    anna = silent_pair(carla, evening)
    presence.depart(anna.socket, now=evening.at(0))
    evening.go_on(AWAY, AWAY + 99)
    assert state_of(anna) != "ended"
    evening.go_on(AWAY + 100, AWAY + 101)
    assert state_of(anna) == "ended"


def test_a_closed_line_ends_nobody_before_a_counsellor_could_have_come_back(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, evening: Evening, settings: Settings
) -> None:
    settings.CLOSING = timedelta(seconds=100)
    anna = a_caller(now=evening.at(0))
    says(anna.seat, now=evening.at(0))
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="closed", most=None, reason=None, now=clock.now()
    )
    duty.change(carla.person, "off", 1, now=evening.at(0))
    evening.go_on(0, 4)
    evening.go_on(AWAY, AWAY + 99)
    assert state_of(anna) == "waiting"
    evening.go_on(AWAY + 100, AWAY + 101)
    assert state_of(anna) == "ended"


def test_a_key_folder_that_does_not_answer_each_minute_is_no_gap_that_keeps_every_lease(
    carla: Counsellor, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise no lease longer than a minute would end: nobody would be requeued, and nobody sent away."""

    def hangs(folder: Path) -> str:
        time_machine.shift(file_timeouts.TIMEOUT_SECONDS)
        raise TimeoutError

    time_machine.move_to(BEGIN, tick=False)
    monkeypatch.setattr(starting, "why_unwritable", hangs)
    worker = Rounds()
    for _ in range(60):
        worker.go(clock.now())
        time_machine.shift(timedelta(seconds=3))  # a pause, and the keys' check, which waits as long
    assert worker.writable_since == Heartbeat.objects.get().since <= BEGIN + timedelta(seconds=5)


def test_a_worker_that_takes_over_at_once_knows_of_no_outage(
    helpwanted: Line, carla: Counsellor, evening: Evening
) -> None:
    anna = silent_pair(carla, evening)
    evening.go_on(4, 56)
    evening.worker = Rounds()
    evening.go_on(60, 61)
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]


def gap(now: datetime) -> datetime:
    return now + heartbeat.MAX_GAP + timedelta(seconds=1)


def no_gap(now: datetime) -> datetime:
    return now + heartbeat.MAX_GAP


def set_back(now: datetime) -> datetime:
    return now - timedelta(hours=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("moved", "begins_anew"), [(no_gap, False), (gap, True), (set_back, True)])
def test_a_gap_between_two_beats_or_a_clock_that_is_set_back_begins_anew(
    moved: Callable[[datetime], datetime], begins_anew: bool
) -> None:
    now = clock.now()
    assert heartbeat.beat(now) == now
    assert heartbeat.beat(moved(now)) == (moved(now) if begins_anew else now)
    assert Heartbeat.objects.count() == 1
