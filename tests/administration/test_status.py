"""`helpline status` shows on one screen what happens now, and what it could not find out."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chat.administration import ports, status, status_words, upgrades
from chat.administration.status import Next
from chat.lines import schedules
from chat.lines.hours import Schedule
from chat.models import Line, Outgoing, Process
from chat.retention import clock_guard, hosts, journal
from chat.spans import Span
from counsellors.models import Person
from helpline import __version__
from helpline.lib import backup_files, clock, stores
from tests.support.domain.cast import Counsellor, a_caller, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
NOW = clock.now()


@pytest.fixture(autouse=True)
def _here(settings: Settings, monkeypatch: pytest.MonkeyPatch, own_keys: Path) -> None:
    settings.VAR, settings.CHECKOUT = own_keys, False
    monkeypatch.setattr(ports, "expected", lambda: [8001])
    monkeypatch.setattr(ports, "answer", lambda _port: "")
    monkeypatch.setattr(hosts, "_own", hosts._Own())


def shown(*, status: int = 1) -> str:
    """Returns the screen. In these tests no process runs, which is status 1."""
    out, ended = StringIO(), 0
    try:
        call_command("status", stdout=out)
    except CommandError as error:
        ended = error.returncode
    assert ended == status
    return out.getvalue()


def runs(does: str, *, release: str = __version__, seen: datetime = NOW, host: str = "one") -> None:
    Process.objects.create(id=f"{host}-{does}-{seen:%s}", host=host, does=does, release=release, seen_at=seen)


def test_it_has_the_sums_of_each_line_and_no_person(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    a_caller()
    carla.takes_next()
    screen = shown()
    (row,) = [line.split() for line in screen.splitlines() if line.startswith(helpwanted.name)]
    assert row[1:] == ["open", "1", "1", "0", "1", "0"]
    assert "On duty in all" in screen
    assert "1, and 0 on a break" in screen
    assert carla.person.alias not in screen
    assert carla.person.username not in screen


def test_it_says_which_line_closes_first_and_when(helpwanted: Line) -> None:
    Line.objects.filter(pk=helpwanted.pk).update(state=Line.State.HOURS)
    evening = (Span(time(18), time(23)),)
    schedules.replace_of_line(helpwanted, Schedule((evening,) * 7))
    at_eight = datetime(2026, 11, 25, 19, tzinfo=UTC)
    screen = status_words.screen(status.read(at_eight))
    assert "open until 23:00" in screen
    assert f"Closes first              23:00, {helpwanted.name}" in screen
    at_noon = status_words.screen(status.read(datetime(2026, 11, 25, 11, tzinfo=UTC)))
    assert "closed until 18:00" in at_noon
    assert "Closes first" not in at_noon


def test_each_process_is_there_with_its_release_and_what_nobody_does_is_named(helpwanted: Line) -> None:
    runs("callers")
    runs("staff", release="0.9.0", host="two")
    screen = shown()
    rows = [line.split() for line in screen.splitlines()]
    assert ["callers", "one", "-", __version__] in [row[:4] for row in rows]
    assert ["staff", "two", "-", "0.9.0"] in [row[:4] for row in rows]
    assert "Nothing runs for background work. Look with: systemctl status helpline-worker" in screen


def test_a_process_that_was_killed_is_told_until_another_takes_its_place(helpwanted: Line) -> None:
    runs("worker", seen=later(NOW, -300))
    assert "ended without a word" in shown()
    runs("worker", seen=clock.now())  # the tests before this one may have taken minutes
    assert "ended without a word" not in shown()
    assert status.read(NOW).missing == ["callers", "staff"]


def test_a_process_introduces_itself(helpwanted: Line) -> None:
    hosts.introduce(hosts.Job("callers", 8001, __version__))
    hosts.keep(NOW)
    found = status.read(NOW)
    assert found.processes is not None
    (row,) = found.processes
    assert (row.does, row.port, row.release, row.alive) == ("callers", 8001, __version__, True)


def test_the_oldest_alert_that_is_not_delivered_is_told_with_its_time(helpwanted: Line) -> None:
    for seconds in (600, 60):
        row = Outgoing.objects.create(way="mail", line=helpwanted, body="", due_at=NOW, until=later(NOW, 900))
        Outgoing.objects.filter(pk=row.pk).update(since=later(NOW, -seconds))
    Outgoing.objects.create(way="mail", to="x@example.org", body="", due_at=NOW, until=later(NOW, 900))
    found = status.read(NOW).alerts
    assert found == status.Alerts(2, later(NOW, -600))
    assert "2, the oldest from" in shown()


def test_the_last_backup_and_the_last_purge_are_told(
    helpwanted: Line, settings: Settings, tmp_path: Path
) -> None:
    assert "this machine makes none" in shown()
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_FOLDER.mkdir()
    assert "never" in shown()
    made = datetime(2026, 11, 3, 2, 40, tzinfo=UTC)
    (settings.BACKUP_FOLDER / made.strftime(backup_files.NAME)).touch()
    assert re.search(r"Last backup +3 Nov 03:40", shown())
    clock_guard.trust(NOW)
    assert status.read(NOW).purge_at == pytest.approx(NOW, abs=timedelta(seconds=1))


def test_without_a_database_it_says_what_it_could_not_find_out_and_what_the_ports_answer(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.DATABASE_URL = "postgresql://"
    monkeypatch.setattr(stores, "database_trouble", lambda: "Connection refused")
    monkeypatch.setattr(ports, "answer", lambda _port: "database")
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("status", stdout=out)
    assert ended.value.returncode == 1
    assert "The database does not answer (Connection refused)." in out.getvalue()
    assert "So it is not known" in out.getvalue()
    assert re.search("What to do: .*setup`", out.getvalue())
    assert ["8001", "waits", "for", "the", "database"] in [
        line.split() for line in out.getvalue().splitlines()
    ]
    assert "Last purge" in out.getvalue()


def test_settings_that_name_no_database_any_more_are_not_taken_for_a_beginning(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DEMO = False
    monkeypatch.setattr(stores, "is_not_made_yet", lambda: True)
    said = shown(status=1)
    assert "The database does not answer (DATABASE_URL is not set)." in said
    assert "put its row back into /etc/helpline/helpline.env" in said
    assert "Begin with `" not in said
    monkeypatch.setattr(stores, "is_not_made_yet", lambda: False)
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    assert status.read(NOW).database_trouble == "DATABASE_URL is not set"


def test_an_empty_database_says_how_to_begin(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.ORIGINS = []
    assert "Begin with `" in shown(status=0)
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    assert status.read(NOW).next == Next.SETUP


def test_before_anybody_came_in_it_names_the_links_of_setup(helpwanted: Line, floor: Counsellor) -> None:
    assert status.read(NOW).next is None
    Person.objects.update(came_at=None)
    assert "Nobody has come in yet." in shown()


def test_a_restored_backup_says_what_to_do_now(
    helpwanted: Line, floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: True)
    assert "restore-check`" in shown()


def test_for_a_machine_it_is_json_in_which_null_is_not_known(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="not every process runs"):
        call_command("status", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["release"] == __version__
    assert found["lines"][0]["slug"] == "helpwanted"
    monkeypatch.setattr(stores, "database_trouble", lambda: "Connection refused")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("status", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["lines"], found["database_trouble"]) == (None, "Connection refused")


def test_it_is_said_in_english_whatever_the_staff_reads(helpwanted: Line, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "nl"
    assert "On duty in all" in shown()
