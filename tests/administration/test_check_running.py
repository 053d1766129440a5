"""`helpline check` reports what is wrong with an installation, one problem a line, and how to mend it."""

import shutil
import socket
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from chat.administration import before_start, health, ports, running
from chat.models import Heartbeat, Process
from chat.retention import clock_guard, hosts, journal
from chat.runtime import heartbeat, starting
from chat.supervision import approvers
from counsellors import devices
from counsellors.models import Device, EntryLink, Person
from counsellors.signin import entry_links
from helpline import __version__
from helpline.lib import backup_files, clock, stores
from helpline.lib.errors import FOR_A_PERSON
from helpline.lib.typed import as_typed_here
from helpline.machine import upgrade
from helpline.machine.machine import Machine
from tests.support.domain.cast import Counsellor, a_point, later
from tests.support.domain.guests import veilig_thuis
from tests.support.domain.supervisors import long_there, talked
from tests.support.servers import free_ports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = 3600
UNUSED_PORT = 19_991  # below the ports that the tests' servers choose, so that no other test takes it
NO_CHECKS = SimpleNamespace(production_is_safe=list, keys_are_in_no_backup=list)
WARNINGS = [
    (
        "warn  backup: none is made here: HELPLINE_BACKUP_FOLDER is not set → see docs/backup.md, unless "
        "something else copies the database"
    ),
    (
        "warn  alert addresses: Helpwanted: none, so only the board shows alerts → let a supervisor ask for "
        "one on the board, under Line (docs/first-day.md)"
    ),
    (
        "warn  certificates: keys are not certified: whoever can write the database can seat one → see "
        "docs/operations.md, Roots and signatures"
    ),
]


@pytest.fixture(autouse=True)
def _running(settings: Settings, monkeypatch: pytest.MonkeyPatch, own_keys: Path, floor: Counsellor) -> None:
    """Makes a line with a supervisor, and a worker that has just written its heartbeat."""
    settings.VAR, settings.ORIGINS = own_keys, ["http://127.0.0.1:1"]
    settings.RELEASES = own_keys / "releases"
    settings.AUDIT_HEADS = own_keys / "audit-heads.log"
    clock_guard.trust(clock.now())
    heartbeat.beat(clock.now())
    for does in ("callers", "staff", "worker"):
        runs(does)
    monkeypatch.setattr(ports, "expected", lambda: [UNUSED_PORT])
    monkeypatch.setattr(health, "TIME_SERVER", ["true"])
    monkeypatch.setattr(starting, "settings_that_do_not_fit", lambda: iter(()))


def runs(does: str, *, release: str = __version__) -> None:
    """Lets a process of another host run, which has the folders of this one."""
    row = Process.objects.create(
        id=f"{does}-{release}", host="two", does=does, release=release, seen_at=clock.now()
    )
    for folder in hosts._folders():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{row.pk}{hosts.SIGN}").touch()


def visit() -> tuple[list[str], int]:
    """Returns what the check prints, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("check", stdout=out)
    except CommandError as error:
        status = error.returncode
    return out.getvalue().splitlines(), status


def wrong() -> list[str]:
    lines, status = visit()
    found = [line for line in lines if line.startswith(("WRONG", "STOP "))]
    stops = any(line.startswith("STOP ") for line in found)
    assert status == (FOR_A_PERSON if stops else bool(found))
    assert all(" → " in line for line in found), "each says what to do"
    return [line[6:].split(":")[0] for line in found]


def test_a_sound_installation_has_a_line_for_each_check_and_nothing_to_do(
    carla: Counsellor, floor: Counsellor, hanna: Counsellor
) -> None:
    talked(carla)
    long_there(floor, hanna)
    lines, status = visit()
    assert status == 0
    checks = [line[6:].split(":")[0] for line in lines]
    assert [line for line in lines if not line.startswith("ok ")] == WARNINGS
    assert checks == [
        "account", "settings", "rights", "HELPLINE_VAR", "HELPLINE_JOURNAL", "HELPLINE_RELEASES",
        "HELPLINE_AUDIT_HEADS", "ports", "disk", "time server", "database", "durability", "tables",
        "together", "keys", "backup", "place of keys", "journal", "lines", "devices", "second factors",
        "audit", "secret", "contacts", "alert addresses", "addresses", "clock", "hosts", "certificates",
        "two persons", "letters", "processes", "release", "worker", "purge", "overdue", "redis", "mail",
    ]  # fmt: skip


def test_a_database_that_is_away_is_one_finding_and_the_rest_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "get_database_version", away)
    monkeypatch.setattr(before_start, "checks", NO_CHECKS)
    assert wrong() == ["database"]
    about = [line[6:].split(":")[0] for line in visit()[0]]
    assert {"keys", "disk", "redis", "mail"} <= {*about}
    assert "devices" not in about


def test_a_database_that_does_not_answer_is_asked_once_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("the pool would wait, and say nothing")

    settings.DATABASE_URL = "postgresql://a:word@127.0.0.1:1/x"
    monkeypatch.setattr(stores, "database_trouble", lambda: "Connection refused")
    monkeypatch.setattr(before_start, "checks", NO_CHECKS)
    monkeypatch.setattr(connection, "get_database_version", never)
    lines = visit()[0]
    said = "start it (`systemctl start postgresql`), or mend DATABASE_URL: docs/alerts.md, DatabaseAway"
    setup = as_typed_here("if nothing is set up yet, `helpline setup`")
    assert [line for line in lines if "WRONG" in line] == [
        f"WRONG database: does not answer (Connection refused) → {said}; {setup}"
    ]


def test_a_redis_that_does_not_answer(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert wrong() == ["redis"]


def test_keys_that_others_may_read(carla: Counsellor, own_keys: Path) -> None:
    talked(carla)
    (key,) = (own_keys / "keys").glob("*.slots")
    key.chmod(0o640)
    assert wrong() == ["keys"]
    key.chmod(0o600)
    (own_keys / "keys").chmod(0o755)
    assert wrong() == ["keys"]


def test_a_key_folder_that_lost_its_files_or_cannot_be_written(
    carla: Counsellor, own_keys: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEY_FOLDERS = [own_keys / "keys", own_keys / "mirror"]
    talked(carla)
    shutil.copytree(own_keys / "keys", own_keys / "mirror", dirs_exist_ok=True)
    assert wrong() == []
    (own_keys / "mirror").rename(own_keys / "elsewhere")
    assert wrong() == ["keys", "hosts"]
    (own_keys / "elsewhere").rename(own_keys / "mirror")
    monkeypatch.setattr(
        starting, "why_unwritable", lambda place: "cannot be written" * ("mirror" in str(place))
    )
    assert wrong() == ["keys"]


def test_keys_inside_a_backup_path(own_keys: Path, settings: Settings) -> None:
    settings.BACKUP_PATHS = [own_keys]
    assert wrong() == ["place of keys"]


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_free", lambda _place: 0.05)
    assert wrong() == ["disk"]


def test_a_restored_backup(carla: Counsellor, own_keys: Path) -> None:
    anna = talked(carla)
    (own_keys / "purged.log").write_text(f"7 2026-11-26T14:00:00Z {journal.hash_of(anna.recorded_as)} 1 0\n")
    assert wrong() == ["journal"]


def test_a_line_where_no_supervisor_can_approve_a_device(floor: Counsellor) -> None:
    Device.objects.filter(pk=floor.device.pk).update(state=Device.State.REVOKED)
    assert wrong() == ["devices"]


def advice_of_devices() -> str:
    (line,) = [line for line in visit()[0] if line.startswith("WRONG devices: ")]
    assert "Helpwanted" in line, "by its name"
    return line.partition(" → ")[2]


def test_until_somebody_comes_in_by_the_link_of_setup_no_approval_is_asked_for(floor: Counsellor) -> None:
    Device.objects.filter(person=floor.person).delete()
    Person.objects.filter(pk=floor.person.pk).update(came_at=None)
    assert "first browser then needs no approval" in advice_of_devices()
    link = entry_links.make(floor.person, by=None, now=clock.now())
    Person.objects.filter(pk=floor.person.pk).update(came_at=clock.now())
    entry_links.use_up(floor.person, now=clock.now())
    assert "first browser then needs no approval" in advice_of_devices()
    device = devices.register(floor.person, devices.candidate(floor.person, a_point(), "x"), now=clock.now())
    assert device.state == Device.State.APPROVED, "as was said"
    assert EntryLink.objects.filter(pk=link.pk).exists()


def test_afterwards_the_words_are_compared_and_the_command_approves(floor: Counsellor) -> None:
    Device.objects.filter(person=floor.person).delete()
    assert advice_of_devices().startswith("let one sign in, then compare the eight words")
    devices.register(floor.person, devices.candidate(floor.person, a_point(), "x"), now=clock.now())
    assert advice_of_devices().startswith("compare the eight words by voice, then run `")


def test_a_fresh_demo_is_healthy_although_nobody_has_signed_in_yet(
    floor: Counsellor, settings: Settings
) -> None:
    """In the demo every browser is approved by itself."""
    Device.objects.filter(pk=floor.device.pk).update(state=Device.State.REVOKED)
    settings.DEVICE_APPROVAL = "any"
    assert wrong() == []


def test_a_service_whose_link_would_be_mailed_nowhere(settings: Settings) -> None:
    veilig_thuis()
    assert wrong() == ["contacts"]
    settings.MAIL_HOST, settings.MAIL_PORT = "127.0.0.1", 1
    assert wrong() == ["mail"], "which is another matter"


@pytest.mark.parametrize("days", [100, -1])
def test_a_clock_that_jumped(days: int) -> None:
    clock_guard.trust(clock.now() - timedelta(days=days))
    assert wrong() == ["purge"]


def test_a_purge_that_ran_long_ago() -> None:
    clock_guard.trust(clock.now() - timedelta(minutes=11))
    assert wrong() == ["purge"]


def test_a_worker_that_does_not_run_although_the_timer_purges() -> None:
    Heartbeat.objects.update(seen_at=clock.now() - timedelta(minutes=2))
    assert wrong() == ["worker"]
    Heartbeat.objects.all().delete()
    assert wrong() == ["worker"]


def test_a_process_that_does_not_run_although_the_database_and_the_rest_are_well() -> None:
    Process.objects.exclude(does="worker").delete()
    (line,) = [line for line in visit()[0] if line.startswith("WRONG")]
    assert "processes: none runs for callers, staff → " in line
    assert "systemctl restart helpline-callers helpline-staff" in line


def test_a_process_that_was_killed_is_no_other_host(settings: Settings, tmp_path: Path) -> None:
    """Its row stays for a minute. It may have had other folders, before a wrong setting was corrected."""
    port = free_ports()
    facts = {"host": hosts._host(), "does": "callers", "port": port, "seen_at": clock.now()}
    Process.objects.create(id="killed", release=__version__, **facts)
    assert wrong() == []
    with socket.create_server(("127.0.0.1", port)):
        assert wrong() == ["hosts"], "it runs"


def test_an_upgrade_that_is_half_done_is_wrong_until_every_process_has_one_release() -> None:
    runs("staff", release="0.9.0")
    (line,) = [line for line in visit()[0] if line.startswith("WRONG")]
    assert f"release: an upgrade is not finished: {__version__} and 0.9.0 run → " in line


def test_the_installed_package_is_the_release_that_runs_or_it_is_said_why(tmp_path: Path) -> None:
    now, machine = clock.now(), Machine(tmp_path)
    assert str(running.release(now, tmp_path)) == f"ok    release: {__version__}", "no package"
    packaged, releases = machine.path(upgrade.PACKAGED), machine.path(upgrade.RELEASES)
    for folder in (packaged, releases / __version__):
        folder.mkdir(parents=True)
    (packaged / "VERSION").write_text(__version__)
    (releases / "current").symlink_to(__version__)
    assert running.release(now, tmp_path).is_well
    (packaged / "VERSION").write_text("9.9.0")
    found = running.release(now, tmp_path)
    assert (found.is_wrong, "dpkg --configure helpline" in found.advice) == (True, True)
    machine.path(upgrade.LEFT).write_text("9.9.0\n")
    found = running.release(now, tmp_path)
    assert (found.is_wrong, found.is_well, "went back from 9.9.0" in found.words) == (False, False, True)
    (releases / "unfinished").symlink_to("0.9.0")
    assert running.release(now, tmp_path).is_wrong


def test_a_name_in_the_file_of_settings_that_lacks_the_prefix_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "helpline.env"
    file.write_text('# MAIL_PORT="1"\nMAIL_HOST="a"\nTZ="UTC"\nHELPLINE_APPS="none"\n')
    monkeypatch.setattr(before_start, "SETTINGS_FILE", file)
    said = [line for line in visit()[0] if "is read by nothing" in line]
    meant = "did you mean HELPLINE_MAIL_HOST? see docs/settings.md"
    assert said == [f"warn  settings: MAIL_HOST in {file} is read by nothing → {meant}"]


def test_a_purge_that_is_late(carla: Counsellor, monkeypatch: pytest.MonkeyPatch) -> None:
    talked(carla)
    late = later(clock.now(), 40 * HOUR)
    clock_guard.trust(late)
    heartbeat.beat(late)
    Process.objects.update(seen_at=late)
    monkeypatch.setattr(clock, "now", lambda: late)
    lines, _ = visit()
    (line,) = [line for line in lines if line.startswith("WRONG")]
    assert "overdue: 1 conversations or keys, and the keys of 1 hours, should be gone" in line
    monkeypatch.setattr(starting, "why_unwritable", lambda _: "cannot be written")
    lines, _ = visit()
    assert any("mend the key folders first" in line for line in lines if "overdue" in line)


def test_looking_changes_nothing(carla: Counsellor, own_keys: Path) -> None:
    talked(carla)
    before = {path: path.stat().st_mtime_ns for path in own_keys.rglob("*") if path.is_file()}
    visit()
    assert {path: path.stat().st_mtime_ns for path in own_keys.rglob("*") if path.is_file()} == before
    assert clock_guard._file() in before


def test_a_line_without_a_second_supervisor_is_a_warning_and_fails_no_visit(
    floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor)
    approvers.note(hanna.person, now=clock.now())  # she joined this week, and does not count yet
    lines, status = visit()
    assert status == 0
    (warning,) = [line for line in lines if line.startswith("warn ") and line not in WARNINGS]
    assert warning.startswith("warn  two persons: one is enough for what takes two: Helpwanted → ")
    long_there(hanna)
    Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    assert approvers.without_second(now=clock.now()) == ["helpwanted"]


def test_a_backup_that_nobody_made_lately_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER = tmp_path
    assert any(line.startswith("WRONG backup: none in") for line in visit()[0])
    (tmp_path / later(clock.now(), -3 * 24 * HOUR).strftime(backup_files.NAME)).touch()
    assert any(line.startswith("WRONG backup: the newest is") for line in visit()[0])
    (tmp_path / clock.now().strftime(backup_files.NAME)).touch()
    assert any(line.startswith("ok    backup") for line in visit()[0])
