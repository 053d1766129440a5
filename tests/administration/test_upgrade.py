"""`helpline upgrade` changes nothing if a check fails, and goes back if the new release does not start."""

import http.server
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, migrations

from chat.administration import upgrades
from chat.administration.findings import Finding
from chat.administration.management.commands import upgrade
from chat.models import Process
from helpline.lib import clock, readiness, stores
from tests.support.servers import free_ports


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[Finding]:
    """Holds what a check finds; at first this is nothing."""
    found: list[Finding] = []
    monkeypatch.setattr(upgrade, "_looked_at", lambda: iter(found))
    settings.RELEASES, settings.BACKUP_FOLDER = tmp_path / "releases", None
    return found


def prepare(**options: Any) -> str:
    out = StringIO()
    call_command("upgrade", prepare=True, stdout=out, **options)
    return out.getvalue()


@pytest.mark.long
@pytest.mark.django_db
def test_where_all_is_well_it_migrates_and_puts_the_release_s_files_down(
    well: list[Finding], tmp_path: Path
) -> None:
    assert "migrated: 0" in prepare(without_backup=True)
    assert (tmp_path / "releases" / "app").is_dir()


@pytest.mark.django_db
def test_what_is_not_well_stops_it_before_anything_changes(well: list[Finding], tmp_path: Path) -> None:
    well.append(Finding("disk", "2% free", "make room"))
    with pytest.raises(
        CommandError,
        match=r"No process was restarted, and the database is as it was. disk: 2% free → make room",
    ):
        prepare(without_backup=True)
    assert not (tmp_path / "releases").exists()


def test_without_its_database_it_says_that_nothing_changed_and_what_to_do(
    well: list[Finding], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DATABASE_URL = "postgresql://"
    monkeypatch.setattr(upgrades, "pending", Mock(side_effect=OperationalError))
    monkeypatch.setattr(stores, "database_trouble", lambda: "Connection refused")
    with pytest.raises(CommandError, match=r"the database is as it was. DATABASE_URL: .* Start it"):
        prepare(without_backup=True)


@pytest.mark.django_db
def test_a_warning_does_not(well: list[Finding]) -> None:
    well.append(Finding("two persons", "one", "two", grave=False))
    assert "migrated" in prepare(without_backup=True)


@pytest.mark.django_db
def test_without_a_place_for_a_backup_it_does_not_begin(well: list[Finding]) -> None:
    with pytest.raises(CommandError, match=r"the database is as it was. Set HELPLINE_BACKUP_FOLDER"):
        prepare()


@pytest.mark.django_db
def test_a_migration_that_takes_away_needs_a_stop(
    well: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = type("Migration", (migrations.Migration,), {"operations": [migrations.DeleteModel("Line")]})
    monkeypatch.setattr(upgrades, "pending", lambda: [taking("0099_less", "chat")])
    with pytest.raises(CommandError, match=r"chat\.0099_less"):
        prepare(without_backup=True)
    assert "migrated" in prepare(without_backup=True, stopped=True)


@pytest.mark.django_db
def test_who_skips_the_release_that_gave_something_up_needs_a_stop(
    well: list[Finding], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    facts = {"operations": [migrations.DeleteModel("Line")], "unused_since": "1.1.0"}
    monkeypatch.setattr(
        upgrades, "pending", lambda: [type("Migration", (migrations.Migration,), facts)("9", "chat")]
    )
    link = tmp_path / "current"
    link.symlink_to("1.0.0")
    with pytest.raises(CommandError, match=r"Install the releases in order"):
        prepare(without_backup=True, link=link)
    link.unlink()
    link.symlink_to("1.1.0")
    assert "migrated" in prepare(without_backup=True, link=link)


@pytest.mark.django_db
def test_an_empty_database_is_filled_whatever_the_migrations_of_old_took_away(
    well: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = type("Migration", (migrations.Migration,), {"operations": [migrations.DeleteModel("Line")]})
    monkeypatch.setattr(upgrades, "pending", lambda: [taking("0099_less", "chat")])
    assert upgrades.has_release()
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    assert "migrated" in prepare(without_backup=True)


class Units:
    """Plays systemd: it records each restart, and a process is ready once a test says so."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "restarted"
        self.script = folder / "restart"
        self.script.write_text(
            f"#!/bin/sh\nreadlink {folder}/current | xargs basename | xargs echo $1 >> {self.log}\n"
        )
        self.script.chmod(0o755)
        self.link = folder / "current"
        self.dies = "nobody"
        (folder / "1.0.0").mkdir()
        self.link.symlink_to(folder / "1.0.0")

    def restarted(self) -> list[list[str]]:
        return [row.split() for row in self.log.read_text().splitlines()]


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Units:
    (tmp_path / "1.1.0").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "1.1.0"))
    monkeypatch.setattr(upgrade.Command, "_prepare_as_account", lambda *_: None)
    monkeypatch.setattr(upgrade, "READY_SECONDS", 1)
    monkeypatch.setattr(upgrade, "ALIVE_SECONDS", 0)
    return Units(tmp_path)


@pytest.fixture
def ready() -> Iterator[int]:
    """Opens a port at which a process reports that it is ready."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 400)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def changes_over(units: Units, *names: str, back: bool = False, stopped: bool = False) -> str:
    out = StringIO()
    restart, alive = f"{units.script} {{unit}}", f"test {{unit}} != {units.dies}"
    words = {"link": units.link, "unit": list(names), "restart": restart, "alive": alive, "stopped": stopped}
    call_command("upgrade", back=back, stdout=out, **words)
    return out.getvalue()


def test_each_process_begins_anew_with_the_new_release_one_after_the_other(units: Units, ready: int) -> None:
    said = changes_over(units, "worker", f"callers={ready}", f"staff={ready}")
    assert units.restarted() == [["worker", "1.1.0"], ["callers", "1.1.0"], ["staff", "1.1.0"]]
    assert units.link.readlink().name == "1.1.0"
    assert "runs" in said


def test_when_a_process_does_not_become_ready_all_run_the_old_release_again(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "wait", lambda *_, **__: units.link.readlink().name == "1.0.0")
    with pytest.raises(
        CommandError, match=r"callers did not become ready\. All run the release before again"
    ):
        changes_over(units, "worker", "callers=1", "staff")
    forth, back = [["worker", "1.1.0"], ["callers", "1.1.0"]], [["callers", "1.0.0"], ["worker", "1.0.0"]]
    assert units.restarted() == forth + back
    assert units.link.readlink().name == "1.0.0"


def test_it_is_not_said_that_all_run_the_old_release_where_that_is_not_ready_either(units: Units) -> None:
    with pytest.raises(CommandError, match=r"Not all run the release before again"):
        changes_over(units, "worker", f"callers={free_ports()}")


@pytest.fixture
def interrupted(units: Units) -> Units:
    """Was stopped with Ctrl-C while the second of the units began with 1.1.0."""

    def stop(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readiness, "wait", stop)
        with pytest.raises(KeyboardInterrupt):
            changes_over(units, "worker", "callers=1")
    assert units.link.readlink().name == "1.1.0"
    return units


def test_after_a_change_that_was_interrupted_there_is_a_way_back(interrupted: Units, ready: int) -> None:
    assert "1.0.0 runs" in changes_over(interrupted, "worker", f"callers={ready}", back=True)
    assert interrupted.link.readlink().name == "1.0.0"
    assert "1.1.0 runs" in changes_over(interrupted, "worker", f"callers={ready}", back=True)


def test_a_change_that_was_interrupted_and_is_made_again_keeps_the_release_before(
    interrupted: Units, ready: int
) -> None:
    changes_over(interrupted, "worker", f"callers={ready}")
    assert interrupted.link.with_name("previous").readlink().name == "1.0.0"


def test_a_change_that_a_reboot_finished_is_not_taken_for_the_next_one(
    interrupted: Units, ready: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = interrupted.link.with_name("1.2.0")
    newest.mkdir()
    monkeypatch.setattr(sys, "prefix", str(newest))
    changes_over(interrupted, "worker", f"callers={ready}")
    assert interrupted.link.with_name("previous").readlink().name == "1.1.0"


def test_a_change_that_is_made_again_and_fails_goes_back_to_the_release_before(interrupted: Units) -> None:
    with pytest.raises(CommandError):
        changes_over(interrupted, f"callers={free_ports()}")
    assert interrupted.link.readlink().name == "1.0.0"


def test_after_a_stop_nothing_goes_back_to_a_release_that_the_database_does_not_fit(
    units: Units, ready: int
) -> None:
    changes_over(units, "worker")
    with pytest.raises(CommandError, match="After --stopped there is no way back"):
        changes_over(units, f"callers={free_ports()}", stopped=True)
    assert units.link.readlink().name == "1.1.0"
    with pytest.raises(CommandError, match="cannot use the database any more"):
        changes_over(units, "worker", back=True)


@pytest.mark.django_db
def test_what_takes_away_begins_only_when_no_process_runs(well: list[Finding]) -> None:
    Process.objects.create(id="p", host="two", seen_at=clock.now())
    with pytest.raises(CommandError, match=r"as it was\. Processes of the helpline still run"):
        prepare(without_backup=True, stopped=True)


def test_back_restarts_all_with_the_release_before_and_the_same_again_goes_forward(units: Units) -> None:
    changes_over(units, "worker")
    assert "1.0.0 runs" in changes_over(units, "worker", back=True)
    assert units.link.readlink().name == "1.0.0"
    assert "1.1.0 runs" in changes_over(units, "worker", back=True)
    assert [row[1] for row in units.restarted()] == ["1.1.0", "1.0.0", "1.1.0"]


def test_back_changes_nothing_where_the_release_before_is_gone(units: Units) -> None:
    with pytest.raises(
        CommandError, match=r"Nothing was changed\. The release before is not on this machine"
    ):
        changes_over(units, "worker", back=True)
    assert units.link.readlink().name == "1.0.0"


def test_a_release_that_did_not_start_is_not_remembered_as_the_one_before(units: Units) -> None:
    units.dies = "worker"
    with pytest.raises(CommandError):
        changes_over(units, "worker")
    assert not units.link.with_name("previous").is_symlink()


def test_a_worker_that_dies_at_once_takes_all_back_too(units: Units) -> None:
    units.dies = "worker"
    with pytest.raises(CommandError, match="worker did not become ready"):
        changes_over(units, "worker")
    assert units.restarted() == [["worker", "1.1.0"], ["worker", "1.0.0"]]


def test_a_worker_that_dies_while_the_others_begin_takes_all_back_too(units: Units, ready: int) -> None:
    words = {
        "link": units.link,
        "unit": ["worker", f"callers={ready}"],
        "restart": f"{units.script} {{unit}}",
    }
    with pytest.raises(CommandError, match="worker did not become ready"):
        call_command("upgrade", back=False, alive=f"sh -c '! grep -q callers {units.log}'", **words)
    assert units.restarted()[2:] == [["callers", "1.0.0"], ["worker", "1.0.0"]]


def test_a_unit_that_cannot_be_restarted_is_said_in_words(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    units.script.write_text("#!/bin/sh\nexit 5\n")
    with pytest.raises(CommandError, match="Not all run the release before again"):
        changes_over(units, "worker")
    assert units.link.readlink().name == "1.0.0"


@pytest.mark.django_db(transaction=True)
def test_also_where_there_is_something_to_migrate_the_keys_and_the_journal_are_looked_at(
    own_keys: Path,
) -> None:
    """A check skips these while migrations are due; an upgrade must not."""
    assert {"redis", "keys", "disk", "place of keys", "journal", "hosts"} <= {
        row.about for row in upgrade._looked_at()
    }


@pytest.mark.django_db
def test_an_empty_database_is_asked_for_no_table_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is what a container does at its first start."""
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert {row.about for row in upgrade._looked_at()} == {"redis", "disk"}
