"""The worker's rounds purge what is due, run deadlines in between, and raise an alarm if the purge is
halted."""

import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
from django.core import mail
from django.db import DatabaseError
from pytest_django import DjangoAssertNumQueries, Settings

from chat import bells, outbox
from chat.conversation import endings
from chat.keys import slot_files
from chat.letters import alarms as letter_alarms
from chat.models import Conversation, Entry, Lease, Line, Service, WeeklyHours, Wrap
from chat.retention import clock_guard, journal, purge
from chat.runtime import rounds, starting
from chat.runtime.rounds import Rounds
from chat.supervision import alert_messages, approval_requests, samples
from counsellors import audit, duty
from counsellors.models import Device
from helpline import optional_apps
from helpline.lib import clock, file_timeouts
from tests.support.domain.cast import Caller, Counsellor, a_caller, later, taken
from tests.support.domain.fixtures import Rung
from tests.support.domain.supervisors import holds_it, makes_key, row_of, talked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = 3600
SPAN, RETENTION = 12 * HOUR, 24 * HOUR


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the codes that are logged as errors."""
    codes: list[str] = []

    class Log:
        def error(self, event: str, *, code: str) -> None:
            assert event == "purge_halted"
            codes.append(code)

    monkeypatch.setattr(rounds, "_log", Log())
    return codes


def round_at(moment: datetime, worker: Rounds | None = None) -> None:
    """Runs a round as a worker does that was never down."""
    clock_guard.trust(moment)
    (worker or Rounds()).go(moment)


def reason_of(caller: Caller) -> str:
    entry = Entry.objects.filter(conversation=caller.conversation, kind="ended").first()
    return str(entry.facts["reason"]) if entry else ""


def test_who_reaches_the_longest_span_is_ended_long_before_d_and_goes_at_the_rows_date(
    carla: Counsellor, settings: Settings
) -> None:
    settings.HERE = settings.STAFF_LEASE = timedelta(days=2)  # both are there all the time
    anna, opened = talked(carla, ended=False), clock.now()
    round_at(later(opened, SPAN - 5))
    assert reason_of(anna) == ""
    ended_at = later(opened, SPAN + 5)
    round_at(ended_at)
    assert reason_of(anna) == "expired"
    assert ended_at < row_of(anna).purge_at
    round_at(later(ended_at, RETENTION - 5))
    assert Conversation.objects.exists()
    round_at(later(ended_at, RETENTION + 5))
    assert not Conversation.objects.exists()


def test_who_is_found_open_at_d_is_ended_before_it_goes(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, seen = talked(carla, ended=False), []
    delete = purge.delete

    def watched(pks: list[str], **at: datetime) -> int:
        seen.append((pks, reason_of(anna)))
        return delete(pks, **at)

    monkeypatch.setattr(purge, "delete", watched)
    moment = row_of(anna).purge_at
    clock_guard.trust(moment)
    assert purge.purge(moment) == 1
    assert seen == [([anna.conversation], "expired")]


def test_the_purge_goes_on_where_the_heads_of_the_audit_cannot_be_kept(
    carla: Counsellor, settings: Settings, tmp_path: Path
) -> None:
    moment = row_of(talked(carla)).purge_at
    settings.AUDIT_HEADS = tmp_path / "a file" / "heads.log"
    (tmp_path / "a file").write_text("a disk that is full, or not there")
    round_at(moment)
    assert not Conversation.objects.exists()
    assert slot_files.hours_until(moment) == []


@pytest.mark.parametrize("away", ["the journal's folder", "the journal"])
def test_callers_keep_their_deadlines_where_the_journal_cannot_be_written(
    carla: Counsellor, settings: Settings, tmp_path: Path, alarms: list[str], away: str
) -> None:
    """The process that keeps them must not end: nobody would start it again before somebody is at work."""
    anna, now = a_caller(), clock.now()
    moment = now + timedelta(seconds=SPAN)
    if away == "the journal":
        settings.JOURNAL = tmp_path / "a folder"
        settings.JOURNAL.mkdir()
    else:
        (tmp_path / "a file").write_text("a disk that is not there")
        settings.JOURNAL = tmp_path / "a file" / "journal"
    Rounds().go(moment)
    assert reason_of(anna) == "expired"
    assert alarms == ["folder"]


def test_on_hold_it_lives_through_the_worker_s_rounds_to_the_hold_s_end_and_no_longer(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    made = holds_it(floor, hanna, talked(carla), later(clock.now(), 10 * 24 * HOUR))
    round_at(made.until - timedelta(seconds=1))
    assert Wrap.objects.exists()
    round_at(made.until)
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("days", [100, -1])
def test_a_clock_that_jumps_is_an_alarm_once_a_minute_and_deadlines_go_on(
    carla: Counsellor, alarms: list[str], days: int
) -> None:
    talked(carla)
    waiting, now = a_caller(), clock.now()
    worker = Rounds()
    round_at(now, worker)
    moment = now + timedelta(days=days)
    worker.purged_at = None
    worker.go(moment)
    assert alarms == ["clock"]
    assert clock_guard.is_halted()
    assert Conversation.objects.count() == 2
    assert (reason_of(waiting) != "") is (days > 0)


@pytest.mark.parametrize("begun", [True, False], ids=["while it runs", "when it starts"])
def test_a_clock_that_is_months_ahead_revokes_nobody_s_device(carla: Counsellor, begun: bool) -> None:
    """Setting the clock back would not bring the devices back, and nobody could approve new ones."""
    device, now, worker = Device.objects.get(person=carla.person), clock.now(), Rounds()
    Device.objects.update(used_at=now)
    round_at(now, worker)
    (worker if begun else Rounds()).go(now + timedelta(days=100))
    device.refresh_from_db()
    assert device.state == Device.State.APPROVED
    round_at(now + timedelta(days=100))
    device.refresh_from_db()
    assert device.state == Device.State.REVOKED, "with a clock that somebody confirmed"


@pytest.mark.parametrize("silent", ["the journal's folder", "the keys' folder"])
def test_a_folder_that_does_not_answer_keeps_nobody_from_their_deadlines(
    carla: Counsellor, settings: Settings, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    folder = settings.KEY_FOLDERS[0] if "key" in silent else Path(settings.JOURNAL).parent
    anna, now, answers = a_caller(), clock.now(), threading.Event()
    ask = starting.why_unwritable

    def wait(place: Path) -> str:
        if place == folder:
            answers.wait(20)
        return ask(place)

    monkeypatch.setattr(starting, "why_unwritable", wait)
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(journal, "is_restored", lambda: answers.wait(20))
    begun = time.monotonic()
    try:
        Rounds().go(later(now, SPAN))
        assert time.monotonic() - begun < 15
    finally:
        answers.set()
    assert reason_of(anna) == "expired"


@pytest.mark.parametrize("broken", ["the alerts", "the samples", "the old rows"])
def test_a_task_that_fails_each_time_stops_neither_the_deadlines_nor_the_purge(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """A row that breaks one of them may stay for days."""

    def breaks(*_: object, **__: object) -> None:
        raise DatabaseError

    place = {"the alerts": (alert_messages, "watch"), "the samples": (samples, "take")}
    monkeypatch.setattr(*place.get(broken, (rounds, "_tidy")), breaks)
    moment, worker, failed = row_of(talked(carla)).purge_at, Rounds(), 0
    for second in range(4):
        try:
            round_at(later(moment, second), worker)
        except DatabaseError:
            failed += 1
    assert failed
    assert not Conversation.objects.exists()


def test_alerts_that_fail_each_time_stop_neither_alarms_of_letters_nor_the_lapse_of_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def breaks(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(alert_messages, "watch", breaks)
    monkeypatch.setattr(letter_alarms, "watch", lambda **_: done.append("alarms"))
    monkeypatch.setattr(approval_requests, "lapse", lambda _: done.append("requests"))
    moment, worker = clock.now(), Rounds()
    with pytest.raises(DatabaseError):
        round_at(moment, worker)
    round_at(later(moment, 1), worker)
    assert done == ["alarms", "requests"]


def test_consoles_are_told_when_a_service_opens_or_closes(carla: Counsellor, every_bell: Rung) -> None:
    csg = Service.objects.create(slug="csg", name="CSG")
    evening = datetime(2026, 11, 26, 16, tzinfo=UTC)
    WeeklyHours.objects.create(
        service=csg, weekday=evening.weekday(), opens=clock_time(9), closes=clock_time(17, 30)
    )
    duty.change(carla.person, "on", 1, now=evening)
    worker = Rounds()

    def rung(seconds: float) -> bool:
        moment = later(evening, seconds)
        duty.renew([carla.person.pk], now=moment)
        return bells.ServicesChanged() in every_bell(lambda: round_at(moment, worker))

    assert [rung(seconds) for seconds in (0, 60, 1790, 1860, 1920)] == [False, False, False, True, False]


def test_keys_in_reach_are_an_alarm(
    carla: Counsellor, own_keys: Path, settings: Settings, alarms: list[str]
) -> None:
    settings.BACKUP_PATHS = [own_keys]
    round_at(clock.now())
    assert alarms == ["keys"]


def test_a_key_folder_that_is_away_is_an_alarm_each_minute_also_while_nothing_is_due(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    class Log:
        def error(self, event: str) -> None:
            events.append(event)

    monkeypatch.setattr(rounds, "_log", Log())
    (tmp_path / "away").touch()
    settings.KEY_FOLDERS = [tmp_path / "away"]
    worker, now = Rounds(), clock.now()
    round_at(now, worker)
    round_at(later(now, 60), worker)
    assert events == ["key_folder_away"] * 2


def test_a_restored_backup_is_not_purged_before_it_is_checked(carla: Counsellor, own_keys: Path) -> None:
    anna = talked(carla)
    (own_keys / "purged.log").write_text(f"7 2026-11-26T14:00:00Z {journal.hash_of(anna.recorded_as)} 1 0\n")
    round_at(later(clock.now(), 30 * HOUR))
    assert Conversation.objects.exists()


def test_a_long_purge_goes_on_in_the_next_round(carla: Counsellor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    monkeypatch.setattr(purge, "MAX_WRAPS", 3)
    for _ in range(5):
        talked(carla)
    worker, late = Rounds(), later(clock.now(), RETENTION + 60)
    left = []
    for second in range(4):
        round_at(later(late, second), worker)
        left.append(Conversation.objects.count())
    assert left == [3, 1, 0, 0]
    assert worker.purged_at is not None


def test_old_rows_of_the_audit_go_and_its_head_is_kept(carla: Counsellor, settings: Settings) -> None:
    settings.AUDIT_HEADS = settings.JOURNAL.with_name("heads.log")
    audit.record(carla.person, "wall")
    round_at(clock.now())
    assert len(settings.AUDIT_HEADS.read_text().splitlines()) == 1


def test_the_head_of_the_audit_is_mailed_once_a_day_and_holds_numbers_only(
    settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit-heads.log"
    settings.AUDIT_MAIL, settings.MAIL_HOST = ["audit@hulp.example"], "mail.example"
    audit.record(None, "locked")
    morning = datetime(2026, 11, 26, 6, tzinfo=UTC)
    round_at(morning)
    audit.record(None, "locked")
    round_at(later(morning, HOUR))
    assert outbox.deliver(now=later(morning, HOUR)) == 1
    first, second = settings.AUDIT_HEADS.read_text().splitlines()
    assert [(one.to, one.body) for one in mail.outbox] == [(["audit@hulp.example"], f"{first}\n")]
    assert second.split(" ")[1] == "2"


def test_a_clock_that_is_set_back_does_not_stop_what_is_done_each_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(optional_apps, "run", lambda hook, _now: done.append(hook))
    worker, now = Rounds(), clock.now()
    for at in (now, later(now, -3 * HOUR)):
        worker.go(at)
    assert done.count("each_minute") == 2


def test_what_is_told_in_minutes_is_looked_at_every_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[datetime] = []

    def watched(*, now: datetime) -> None:
        looks.append(now)

    monkeypatch.setattr(alert_messages, "watch", watched)
    worker, now = Rounds(), clock.now()
    moments = [later(now, seconds) for seconds in (0, 1, 4, 5, 9, 10)]
    for moment in moments:
        worker.go(moment)
    assert looks == [moments[0], moments[3], moments[5]]


def pause_after_a_round() -> float:
    worker = Rounds()
    round_at(clock.now(), worker)
    return worker.pause()


def test_the_worker_rests_while_nobody_is_there_but_for_less_than_a_lease_that_begins_meanwhile(
    helpwanted: Line, settings: Settings
) -> None:
    assert pause_after_a_round() == 4.0
    settings.GRANT = timedelta(seconds=3)
    assert pause_after_a_round() == 1.0


def test_a_round_beside_nobody_asks_about_no_line_and_no_person(
    helpwanted: Line, stopitnow: Line, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # In one minute: the first round of a minute also takes the lines' samples.
    worker, now = Rounds(), clock.now().replace(second=0)
    for seconds in (0, 4, 8):
        worker.go(later(now, seconds))
    with django_assert_max_num_queries(8):
        worker.go(later(now, 12))


def test_the_worker_is_awake_while_somebody_waits_works_or_talks_also_if_nobody_is_connected(
    carla: Counsellor,
) -> None:
    assert pause_after_a_round() == 1.0, "Carla is on duty"
    anna, _ = taken(carla)
    duty.end(carla.person.pk)
    Lease.objects.all().delete()
    assert pause_after_a_round() == 1.0, "both have lost their connection"
    endings.leave(anna.seat, now=clock.now())
    assert pause_after_a_round() == 4.0
    a_caller()
    assert pause_after_a_round() == 1.0


def test_the_worker_is_awake_while_more_is_to_be_purged(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 1)
    for _ in range(2):
        talked(carla)
    duty.end(carla.person.pk)
    worker, late = Rounds(), later(clock.now(), RETENTION + 60)
    pauses = []
    for second in range(3):
        round_at(later(late, second), worker)
        pauses.append(worker.pause())
    assert pauses == [1.0, 1.0, 4.0]
