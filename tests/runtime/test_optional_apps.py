"""An optional app that is missing, misspelled or broken stops nothing of the core, and a message says so."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from chat.runtime.rounds import Rounds
from helpline import optional_apps
from helpline.lib import clock, measures
from helpline.lib.environment import Environment
from tests.support import admin_pages as staff
from tests.support.folders import empty_tables, environment
from tests.support.platform import ROOT
from tests.support.servers import free_ports

CHOICES = ("planning", "reports")


def read(said: dict[str, str]) -> tuple[list[str], list[str]]:
    environment = Environment(said)
    return environment.some_of("APPS", CHOICES), environment.wrong


@pytest.mark.parametrize("said", [{}, {"HELPLINE_APPS": ""}, {"HELPLINE_APPS": "  "}])
def test_where_nothing_is_said_all_are_there(said: dict[str, str]) -> None:
    assert read(said) == ([*CHOICES], [])


def test_none_is_none_and_a_name_may_stand_there_twice_in_any_order() -> None:
    assert read({"HELPLINE_APPS": "none"}) == ([], [])
    assert read({"HELPLINE_APPS": "reports planning reports"}) == ([*CHOICES], [])


@pytest.mark.parametrize("said", ["planing", "planning,reports", "none planning", "Planning"])
def test_what_is_no_name_is_refused_with_the_names_that_there_are(said: str) -> None:
    _, wrong = read({"HELPLINE_APPS": said})
    assert len(wrong) == 1
    assert all(word in wrong[0] for word in ("HELPLINE_APPS", *CHOICES, "spaces", "none"))


@pytest.mark.django_db
def test_a_broken_app_stops_neither_the_purge_nor_the_other_apps(
    monkeypatch: pytest.MonkeyPatch, own_keys: Path
) -> None:
    done: list[str] = []

    def breaks(_now: datetime) -> None:
        raise ValueError

    def purges(*_: object, **__: object) -> int:
        done.append("purge")
        return 0

    logged: list[tuple[str, str]] = []

    class Log:
        def error(self, _event: str, *, error: str, where: str) -> None:
            logged.append((error, where))

    monkeypatch.setattr(optional_apps, "_log", Log())
    apps: list[Any] = [
        SimpleNamespace(__name__="chat.broken.rounds", each_minute=breaks, each_look=breaks),
        SimpleNamespace(
            __name__="chat.whole.rounds",
            each_minute=lambda _: done.append("minute"),
            each_look=lambda _: done.append("look"),
        ),
    ]
    monkeypatch.setattr(optional_apps, "modules", lambda name: apps if name == "rounds" else [])
    monkeypatch.setattr("chat.retention.purge.purge", purges)
    before = measures.FAILED.labels("app")._value.get()
    Rounds().go(clock.now())
    assert done == ["purge", "minute", "look"]
    assert measures.FAILED.labels("app")._value.get() == before + 2
    assert [error for error, _ in logged] == ["ValueError"] * 2
    assert all(place.startswith("test_optional_apps.py:") for _, place in logged)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_whose_tables_are_missing_does_not_start_and_says_which(
    command: str, tmp_path: Path
) -> None:
    var = tmp_path / "var"
    shutil.copytree(empty_tables(), var)
    (var / "secret.key").write_text("only for a test" * 5)
    (var / "demo.json").write_text('{"urls": ["http://127.0.0.1:1"]}')
    with closing(sqlite3.connect(var / "db.sqlite3")) as tables, tables:
        tables.execute("DELETE FROM django_migrations WHERE app = 'reports'")
    words = ["serve", "--port", str(free_ports())] if command == "serve" else [command]
    refused = manage(var, *words, apps="reports")
    assert refused.returncode == 2
    assert "(reports)" in refused.stderr
    assert "migrate" in refused.stderr


def test_a_command_of_an_app_that_is_not_there_names_its_app(tmp_path: Path) -> None:
    refused = manage(tmp_path, "demo", apps="none")
    assert refused.returncode == 2
    assert refused.stderr == "`demo` belongs to the app demo, which HELPLINE_APPS does not name.\n"


def manage(var: Path, *words: str, apps: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(var, HELPLINE_APPS=apps),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db
def test_an_address_of_the_staff_that_there_is_no_more_leads_to_their_own_page() -> None:
    told = staff.sign_in(staff.carla()).get("/rota/of/an/older/release/", headers={"accept-language": "en"})
    page = told.content.decode()
    assert told.status_code == 404
    assert 'href="/console/"' in page
    assert "caller" not in Client().get("/rota/of/an/older/release/").content.decode()
