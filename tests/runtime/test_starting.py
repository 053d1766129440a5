"""A start that cannot succeed says why and exits with 2; what comes back by itself is waited for."""

import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import Settings

from chat.demo.management.commands import demo
from chat.runtime import starting
from helpline import __version__
from helpline.lib import failures, stores
from helpline.lib.errors import FOR_A_PERSON, CannotStart
from helpline.lib.steps import Step
from tests.support import folders
from tests.support.platform import ROOT, status_and_body
from tests.support.servers import free_ports

SETTINGS = ROOT / "helpline" / "settings.py"
WITHIN = 60.0
WRONG = [
    ("HELPLINE_GRANT_SECONDS", "tien", "'tien' is no number of seconds"),
    ("HELPLINE_SHELF_SECONDS", "nan", "no number of seconds"),
    ("HELPLINE_IDLE_SECONDS", "-1", "no number of seconds"),
    ("HELPLINE_QUEUE_MAX", "2.5", "no whole number"),
    ("HELPLINE_DEVICE_APPROVAL", "all", "none of supervisor, first, any"),
    ("HELPLINE_MAIL_TLS", "true", "none of 1, 0"),
    ("HELPLINE_LANGUAGES", "nl Deutsch", "'Deutsch' is no language; a folder is named after its code"),
    ("HELPLINE_LANGUAGES", "nl /nowhere/de", "write the path of its folder"),
    ("HELPLINE_LANGUAGES", "nl en nl", "nl is there twice"),
    ("HELPLINE_LANGUAGES", f"{ROOT}/tests/languages/de nl", "the staff read it, and it lacks console.json"),
    ("HELPLINE_ORIGINS", "hulp.example", "no origin"),
    ("HELPLINE_ORIGINS", "https://hulp.example/", "no origin"),
    ("PORT", "abc", "no whole number from 1 to 65535"),
    ("PORT", "99999", "no whole number from 1 to 65535"),
    ("PROCESSES", "2", "set REDIS_URL"),
    ("DATABASE_URL", "mysql://x:word@y/z", "write it as postgresql://"),
    ("DATABASE_URL", "postgresql://x:word@y:abc/z", "write it as postgresql://"),
    ("REDIS_URL", "http://:word@x", "write it as redis://"),
    ("REDIS_URL", "redis+sentinel://:word@x:abc/main", "write it as redis://"),
]


def read_with(monkeypatch: pytest.MonkeyPatch, folder: Path, **environment: str) -> dict[str, Any]:
    for name, value in {"HELPLINE_VAR": str(folder), **environment}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize(("variable", "value", "words"), WRONG)
def test_a_wrong_variable_is_named_with_what_to_write_and_no_password_is_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, words: str
) -> None:
    with pytest.raises(CannotStart, match=f"^{variable}: ") as refused:
        read_with(monkeypatch, tmp_path, **{variable: value})
    (sentence,) = refused.value.args
    assert words in sentence
    assert ":word@" not in sentence


def test_all_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        read_with(monkeypatch, tmp_path, PORT="abc", HELPLINE_GRANT_SECONDS="tien")
    assert [sentence.partition(":")[0] for sentence in refused.value.args] == [
        "PORT",
        "HELPLINE_GRANT_SECONDS",
    ]


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_variable_is_an_unset_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    read = read_with(monkeypatch, tmp_path, HELPLINE_GRANT_SECONDS=value, HELPLINE_ORIGINS=value, PORT=value)
    assert (read["GRANT"].total_seconds(), read["ORIGINS"], read["DEMO_PORT"]) == (20, [], 8000)


@pytest.mark.parametrize("file", ["demo.json", "secret.key"])
def test_a_file_of_the_data_folder_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str
) -> None:
    (tmp_path / file).write_bytes(b"\xff{")
    monkeypatch.delenv("HELPLINE_SECRET_KEY")
    with pytest.raises(CannotStart, match=f"HELPLINE_VAR: .*{file}"):
        read_with(monkeypatch, tmp_path)


def manage(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=folders.environment(folder, **more),
        capture_output=True, text=True, check=False, timeout=WITHIN,
    )  # fmt: skip


def test_from_the_command_line_it_is_a_line_without_a_traceback_and_status_2(tmp_path: Path) -> None:
    ended = manage(tmp_path, "demo", HELPLINE_GRANT_SECONDS="tien")
    assert (ended.returncode, ended.stdout) == (FOR_A_PERSON, "")
    assert ended.stderr.splitlines() == [
        "HELPLINE_GRANT_SECONDS: 'tien' is no number of seconds; write one such as 20, or leave it out."
    ]


def test_the_version_is_ours(tmp_path: Path) -> None:
    assert manage(tmp_path, "--version").stdout == f"helpline {__version__}\n"


@pytest.fixture
def taken() -> Iterator[int]:
    """Makes a port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_on_a_taken_port_the_demo_names_it_and_prints_nobody_s_sign_in(tmp_path: Path, taken: int) -> None:
    ended = manage(tmp_path / "var", "demo", PORT=str(taken))
    assert (ended.returncode, ended.stdout) == (FOR_A_PERSON, "")
    assert ended.stderr.startswith(f"Port {taken} of 127.0.0.1 is in use")
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "var").exists(), "nothing was made"


@pytest.mark.parametrize("port", ["taken", 0, 99999])
def test_a_server_names_a_port_that_it_cannot_have(taken: int, port: int | str) -> None:
    port = taken if port == "taken" else port
    with pytest.raises(CannotStart, match=f"^Port {port} .*--port"):
        call_command("serve", port=port)


def test_a_port_that_was_closed_a_moment_ago_is_free(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()  # the side that closes first stays in TIME_WAIT
        client.close()
    assert list(starting.taken_ports("127.0.0.1", [port])) == []


def test_a_folder_that_cannot_be_written_is_named_with_its_variable(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.KEY_FOLDERS = [tmp_path / "new" / "keys", tmp_path / "file" / "keys"]
    settings.JOURNAL = tmp_path / "purged.log"
    (sentence,) = starting.unwritable(starting.folders_of_worker())
    assert sentence.startswith(f"HELPLINE_KEYS: {tmp_path / 'file' / 'keys'} ")
    for command in ("worker", "serve"):
        with pytest.raises(CannotStart, match=r"HELPLINE_KEYS: .* is a file"):
            call_command(command, **({"port": free_ports()} if command == "serve" else {}))


def test_a_folder_that_another_account_owns_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda place, _mode: place != tmp_path)
    assert "cannot be written" in next(starting.unwritable({"HELPLINE_VAR": [tmp_path]}))
    assert "cannot be made" in next(starting.unwritable({"HELPLINE_VAR": [tmp_path / "new" / "one"]}))


@pytest.mark.parametrize(("variable", "scheme"), [("DATABASE_URL", "postgresql"), ("REDIS_URL", "redis")])
def test_a_demo_whose_store_does_not_answer_ends_and_names_the_variable(
    tmp_path: Path, variable: str, scheme: str
) -> None:
    ended = manage(tmp_path, "demo", PORT=str(free_ports()), **{variable: f"{scheme}://a:word@127.0.0.1:1/0"})
    assert (ended.returncode, ended.stdout) == (FOR_A_PERSON, "")
    assert ended.stderr.startswith(f"{variable}: ")
    assert "onnection refused" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "word" not in ended.stderr


@pytest.mark.parametrize(("status", "ends"), [(FOR_A_PERSON, True), (1, False)])
def test_the_demo_starts_again_what_dies_but_not_what_only_a_person_can_change(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, ends: bool
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    begun = tmp_path / "begun"
    then = "signal.pause()" if status == 1 else "sys.exit(2)"
    script = (
        "import pathlib, signal, sys; path = pathlib.Path(sys.argv[1]); again = path.exists(); path.touch()\n"
        f"if again: {then}\n"
        f"sys.exit({status})"
    )
    settings.COMMAND = [sys.executable, "-c", script]
    processes = demo.Processes([[str(begun)]])
    starts: list[int] = []
    start = processes._start

    def counted(command: list[str]) -> "subprocess.Popen[bytes]":
        starts.append(1)
        if len(starts) == 2:
            processes._stop()
        return start(command)

    monkeypatch.setattr(processes, "_start", counted)
    assert processes.run(once=lambda: False, then=lambda: None) == (status if ends else 0)
    assert len(starts) == (1 if ends else 2)


def test_a_command_without_its_database_says_so_in_a_line(tmp_path: Path) -> None:
    ended = manage(tmp_path, "audit", "verify", DATABASE_URL="postgresql://a:word@127.0.0.1:1/x")
    assert ended.returncode == FOR_A_PERSON
    assert ended.stderr == (
        "DATABASE_URL: the database does not answer (Connection refused). Start it, or mend the address.\n"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("no such table: chat_line"), "migrate"),
        (PermissionError(13, "Permission denied", "/srv/keys"), "/srv/keys: Permission denied"),
        (OSError(28, "No space left on device", "/srv/keys"), "/srv/keys: No space left"),
        (OSError(28, "No space left on device"), "check` says on which disk"),
        (OperationalError("database or disk is full"), "disk is full. Make room"),
        (KeyError("x"), ""),
        (OSError(2, "No such file or directory", "/x"), ""),
    ],
)
def test_what_is_no_mistake_of_the_code_is_said_without_a_traceback(error: Exception, words: str) -> None:
    said = failures.in_words(error)
    assert words in said
    assert bool(said) == bool(words)


def test_a_process_complains_of_a_store_once_a_minute_for_as_long_as_it_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, away, looks, said = [1000.0], [True], [0], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(
        stores._log, "error", lambda event, **row: said.append((event, row["error"])), raising=False
    )

    def look() -> str:
        looks[0] += 1
        return "refused" if away[0] else ""

    complaint = stores.Complaint("redis_away", "Redis", look)
    for _ in range(180):
        complaint.tell_if_away()
        now[0] += 1
    assert len(said) == 3
    assert said[0][0] == "redis_away"
    assert said[0][1].startswith("Redis does not answer. `")
    away[0], looks[0] = False, 0
    for _ in range(60):
        complaint.tell_if_away()
        now[0] += 1
    assert len(said) == 3
    assert looks[0] <= 12


@pytest.mark.long
def test_server_and_worker_wait_for_database_and_redis_and_the_server_is_not_ready(tmp_path: Path) -> None:
    port = free_ports()
    environment = folders.environment(
        tmp_path, DATABASE_URL="postgresql://a:word@127.0.0.1:1/x", REDIS_URL="redis://127.0.0.1:1/0",
        HELPLINE_ORIGINS="https://hulp.example", HELPLINE_SECRET_KEY="made up for a test " * 4,
    )  # fmt: skip
    running = {}
    for words in (["serve", "--port", str(port)], ["worker"]):
        log = tmp_path / words[0]
        with log.open("wb") as output:
            running[log] = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
    try:
        until = time.monotonic() + WITHIN
        while not all("database_away" in log.read_text() for log in running):
            assert time.monotonic() < until, [log.read_text() for log in running]
            time.sleep(0.1)
        url = f"http://127.0.0.1:{port}"
        assert status_and_body(url, "/readyz", host="hulp.example") == (503, "database")
        while "redis_away" not in (tmp_path / "serve").read_text():
            assert time.monotonic() < until, "no word of Redis"
            time.sleep(0.1)
        assert [process.poll() for process in running.values()] == [None, None]
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(20)
    for log in running:
        said = log.read_text()
        assert said.count("database_away") == 1
        assert "psycopg.pool" not in said
        assert "word" not in said


def test_the_sign_ins_are_shown_once_the_server_serves(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    settings.COMMAND = [sys.executable, "-c", "import signal; signal.pause()"]
    processes = demo.Processes([["serve"]])
    answers = iter([False, False, True])
    told: list[bool] = []

    def greet() -> None:
        told.append(next(answers, None) is None)
        processes._stop()

    assert processes.run(once=lambda: next(answers), then=greet) == 0
    assert told == [True], "not before it answered"


def test_a_step_is_a_line_with_a_dot_for_each_part_that_is_done() -> None:
    said: list[str] = []
    with Step(said.append, "Making the tables", every=2) as step:
        step.write("  Applying one… OK\n  Applying two… OK\n")
        step.dot()
        step.dot()
    assert "".join(said) == "  Making the tables.. 0 s\n"
