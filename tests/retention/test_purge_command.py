"""A long purge shows its progress, gives way to those who talk, and is not taken for a restored backup."""

import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from chat import bells
from chat.bells import ringing
from chat.models import Conversation
from chat.retention import clock_guard, journal, purge
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.supervisors import talked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = 3600


@pytest.fixture
def late(own_keys: Path, carla: Counsellor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes three conversations that are past their date, with batches of one."""
    for _ in range(3):
        talked(carla)
    monkeypatch.setattr(purge, "BATCH_SIZE", 1)
    moment = later(clock.now(), 25 * HOUR)
    clock_guard.trust(moment)
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.usefixtures("late")
def test_the_bar_shows_how_far_it_is_and_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    call_command("purge", "--progress", stdout=out)
    shown = capsys.readouterr().err
    assert [part.split(",")[0].rpartition(" ")[2] for part in shown.split("\r")[1:]] == ["1/3", "2/3", "3/3"]
    assert f"[{'#' * 40}] 3/3" in shown
    assert shown.endswith("\n")
    assert out.getvalue() == "3 conversations deleted, keys of 0 hours destroyed\n"


@pytest.mark.usefixtures("late")
def test_a_dry_run_says_what_would_go_and_deletes_nothing() -> None:
    out = StringIO()
    call_command("purge", "--dry-run", stdout=out)
    assert out.getvalue() == "3 conversations and the keys of 0 hours are due\n"
    assert Conversation.objects.count() == 3


@pytest.mark.usefixtures("late")
def test_between_two_batches_it_rests_and_a_worker_s_only_batch_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    purge.purge(clock.now(), most=1)
    assert rests == [0]
    purge.purge(clock.now())
    assert rests[:2] == [0, 0]
    assert len(rests) == 3
    assert rests[2] > 0


@pytest.mark.usefixtures("late")
def test_a_batch_rings_in_one_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a command each bell is a connection of its own."""
    rung: list[list[bells.Bell]] = []
    monkeypatch.setattr(ringing._tower, "ring_all", rung.append)
    monkeypatch.setattr(purge, "BATCH_SIZE", 3)
    purge.purge(clock.now())
    gone = [[bell.topic for bell in some] for some in rung if isinstance(some[0], bells.SeatsChanged)]
    assert [len(topics) for topics in gone] == [3]


@pytest.mark.usefixtures("late")
def test_a_purge_that_goes_on_meanwhile_is_no_restored_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two reads for the answer a batch is committed and written."""
    meanwhile = [lambda: purge.purge(clock.now(), most=1)]

    def then_a_batch[T](answer: T) -> T:
        if meanwhile:
            meanwhile.pop()()
        return answer

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        return then_a_batch(execute(*args))

    monkeypatch.setattr(journal, "in_time", lambda read: then_a_batch(read()))
    with connection.execute_wrapper(statement):
        assert not journal.is_restored()
    assert Conversation.objects.count() == 2


def test_a_purge_that_is_refused_says_why_and_ends_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise purge.Busy

    monkeypatch.setattr(purge, "purge", busy)
    with pytest.raises(CommandError, match="Another process is purging") as error:
        call_command("purge", "--clock-is-right")
    assert error.value.returncode == 1
