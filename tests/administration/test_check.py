"""`helpline check` reports before a start what is missing, with an exit status and the commands that help."""

import os
import re
import shutil
import smtplib
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, Self

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from chat.administration import (
    before_start,
    database,
    findings,
    health,
    outside,
    ports,
    reach,
    trust,
    upgrades,
)
from chat.administration.findings import Finding
from chat.models import Line
from chat.retention import clock_guard
from chat.runtime import starting
from helpline import checks
from helpline.lib import clock, file_timeouts, stores
from helpline.lib.errors import FOR_A_PERSON
from helpline.lib.typed import as_typed_here
from tests.support.domain.cast import later
from tests.support.servers import free_ports

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
SERVER = {
    "DATABASE_URL": "postgresql://", "METRICS_TOKEN": "",
    "SECRET_KEY": "a secret of a test, long enough and of many letters: 0123456789 xyz",
    "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
    "REDIS_URL": "redis://127.0.0.1/0", "ORIGINS": ["https://hulp.example"],
}  # fmt: skip
NOW = clock.now()


@pytest.fixture(autouse=True)
def _a_server(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in SERVER.items():
        setattr(settings, name, value)
    settings.VAR, settings.RELEASES = tmp_path, tmp_path / "releases"
    settings.AUDIT_HEADS = tmp_path / "audit-heads.log"
    monkeypatch.setattr(stores, "layer_trouble", lambda: "")
    monkeypatch.setattr(outside, "expiry", lambda _place, _seconds: later(NOW, 90 * 86_400))
    monkeypatch.setattr(ports, "expected", lambda: [19_991])  # the tests' servers choose higher ones
    monkeypatch.setattr(health, "TIME_SERVER", ["true"])
    monkeypatch.setattr(before_start, "SETTINGS_FILE", tmp_path / "helpline.env")
    monkeypatch.setattr(health, "_from_tables", lambda *_: iter(()))  # test_check_running.py tests these


def checked(**options: Any) -> tuple[list[str], int]:
    out, status = StringIO(), 0
    try:
        call_command("check", stdout=out, **options)
    except CommandError as error:
        status = error.returncode
    return out.getvalue().splitlines(), status


def not_well() -> list[str]:
    return [line.split(":")[0] for line in checked()[0] if not line.startswith("ok ")]


def test_where_all_is_there_each_line_says_so_and_the_status_is_0() -> None:
    lines, status = checked()
    assert [line.split(":")[0] for line in lines] == [
        "ok    account", "ok    settings", "ok    rights", "ok    HELPLINE_JOURNAL",
        "ok    HELPLINE_RELEASES", "ok    HELPLINE_AUDIT_HEADS", "ok    ports", "ok    disk",
        "ok    time server", "ok    database", "ok    durability", "ok    tables", "ok    together",
        "ok    keys", "warn  backup", "ok    redis", "ok    mail", "ok    certificate",
    ]  # fmt: skip
    assert status == 0
    assert checked(verbosity=0)[0] == [line for line in lines if line.startswith("warn")]


def test_all_that_keeps_a_process_from_starting_is_named_and_the_status_is_2(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.SECRET_KEY = "short"
    (tmp_path / "file").touch()
    settings.RELEASES = tmp_path / "file" / "releases"
    monkeypatch.setattr(stores, "layer_trouble", lambda: "Connection refused")
    lines, status = checked()
    wrong = [line.split(":")[0] for line in lines if line.startswith(("STOP", "WRONG"))]
    assert wrong == ["STOP  HELPLINE_RELEASES", "STOP  together", "WRONG redis"]
    assert any("HELPLINE_SECRET_KEY needs 50 characters" in line for line in lines)
    assert status == FOR_A_PERSON


def test_what_a_process_waits_for_is_to_be_looked_at_and_the_status_is_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stores, "layer_trouble", lambda: "invalid username-password pair or user is disabled")
    lines, status = checked()
    (told,) = [line for line in lines if line.startswith("WRONG")]
    assert told.startswith("WRONG redis: answers, but refuses the password in REDIS_URL")
    assert "/etc/valkey/helpline.conf" in told
    assert status == 1


def test_that_there_is_no_secret_is_a_sentence_and_no_traceback(settings: Settings) -> None:
    settings.SECRET_KEY = ""
    lines, status = checked()
    assert [line for line in lines if "HELPLINE_SECRET_KEY needs 50 characters" in line]
    assert status == FOR_A_PERSON


def test_without_a_database_the_settings_are_still_compared(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = "short"
    monkeypatch.setattr(stores, "database_trouble", lambda: "Connection refused")
    monkeypatch.setattr(starting, "settings_that_do_not_fit", lambda: pytest.fail("it would wait"))
    assert not_well() == ["WRONG database", "STOP  together", "warn  backup"]


def test_a_command_that_was_told_no_settings_names_the_file_of_settings(settings: Settings) -> None:
    settings.ORIGINS, settings.DATABASE_URL = [], ""
    told = checked()[0][1]
    assert told.startswith("WRONG settings: HELPLINE_ORIGINS is not set, so no browser can connect")
    assert "helpline.env; without it: docs/install.md, Setting up" in told


def test_one_setting_that_is_gone_from_the_file_is_to_be_put_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ORIGINS = []
    told = checked()[0][1]
    assert "put HELPLINE_ORIGINS back into" in told
    settings.ORIGINS, settings.DATABASE_URL = ["https://hulp.example"], ""
    monkeypatch.setattr(stores, "is_not_made_yet", lambda: True)
    told = str(database.answers())
    assert "DATABASE_URL is not set" in told
    assert "put its row back into" in told
    assert "setup" not in told
    assert [row.msg for row in checks.production_is_safe()] == [
        "DATABASE_URL is not set: production runs on PostgreSQL"
    ]


def test_tables_that_are_missing_are_named_before_a_start() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'planning'")
    lines, status = checked()
    (told,) = [line for line in lines if "tables:" in line]
    assert told.startswith("STOP  tables: The database lacks tables of this release (planning)")
    assert status == FOR_A_PERSON


def test_an_empty_database_says_how_to_begin(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.ORIGINS = []
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    found = database.tables()
    assert "setup`" in str(found)
    assert found.stops


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("SQL_ASCII", "off", "on", "on"), "its encoding is SQL_ASCII, not UTF8"),
        (("UTF8", "on", "on", "on"), "it accepts no writes"),
        (("UTF8", "off", "off", "on"), "with fsync off"),
        (("UTF8", "off", "on", "off"), "loses messages that were acknowledged"),
        (("UTF8", "off", "on", "on"), "answers"),
    ],
)
def test_a_database_that_would_lose_something_is_wrong(row: tuple[str, ...], words: str) -> None:
    wrong = database.unfit(*row)
    assert wrong == [] if words == "answers" else words in wrong[0]


def test_a_mistyped_variable_is_pointed_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.ENVIRONMENT.values, "HELPLINE_GRANT_SECOND", "20")
    lines, status = checked()
    said = "warn  settings: HELPLINE_GRANT_SECOND is none of this release → "
    assert f"{said}did you mean HELPLINE_GRANT_SECONDS? see docs/settings.md" in lines
    assert status == 0


def test_the_recipient_of_backups_that_nobody_filled_in_is_told_before_the_night(settings: Settings) -> None:
    settings.BACKUP_RECIPIENT = "put-an-age-recipient-here"
    assert "WRONG settings" in not_well()


@pytest.mark.skipif(
    not shutil.which("age") and os.environ.get("CI") != "true", reason="age is not installed here"
)
def test_a_recipient_of_backups_with_one_wrong_letter_is_told_before_the_night(settings: Settings) -> None:
    made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True)
    (right,) = re.findall("age1[a-z0-9]+", made.stdout)
    settings.BACKUP_RECIPIENT = right
    assert "WRONG settings" not in not_well()
    settings.BACKUP_RECIPIENT = right[:-1] + ("q" if right[-1] != "q" else "p")
    assert "WRONG settings" in not_well()


def test_who_runs_it_under_another_account_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    told = str(before_start.account())
    assert told.startswith("WRONG account: this runs as number 4000000, and ")
    assert "run it as" in told


@pytest.mark.parametrize(("mode", "words"), [(0o644, "every account may read"), (0o640, "nobody else may")])
def test_the_settings_are_for_root_and_the_account_alone(mode: int, words: str) -> None:
    before_start.SETTINGS_FILE.touch()
    before_start.SETTINGS_FILE.chmod(mode)
    assert words in str(before_start.rights())


def test_a_file_that_somebody_made_as_root_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "of-root.log").touch()
    monkeypatch.setattr("os.access", lambda path, _mode: not str(path).endswith("of-root.log"))
    told = str(before_start.rights())
    assert f"{tmp_path / 'of-root.log'} cannot be read and written by " in told
    assert "chown -R" in told


def test_a_file_of_its_own_that_is_read_only_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "backup-key.txt").touch()
    monkeypatch.setattr("os.access", lambda _path, mode: mode == os.R_OK)
    assert before_start.rights().is_well


@pytest.mark.parametrize("ours", [True, False])
def test_a_port_that_something_else_has_stops_a_start_and_our_own_does_not(
    monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    monkeypatch.setattr(
        starting, "taken_ports", lambda _host, given: (f"Port {p} is in use. Stop." for p in given)
    )
    monkeypatch.setattr(ports, "is_ours", lambda _port: ours)
    monkeypatch.setattr(ports, "expected", lambda: [8001])
    found = before_start.free_ports()
    assert found.words == ("8001 ours" if ours else "Port 8001 is in use")
    assert found.stops != ours


def test_the_ports_are_those_of_the_units() -> None:
    folder = Path(__file__).parents[2] / "deploy" / "systemd"
    for part, port in ports.OF_UNITS.items():
        assert (
            f"--only={part} --host 127.0.0.1 --port {port}"
            in (folder / f"helpline-{part}.service").read_text()
        )


class Refuses:
    """Plays a mail server that answers and then refuses."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *_: Any, **__: Any) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def starttls(self, **_: Any) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"ilse@hulp.example: no"), "refuses HELPLINE_MAIL_USER"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported"), "offers no STARTTLS"),
        (TimeoutError(), "does not answer at HELPLINE_MAIL_PORT (timed out)"),
        (smtplib.SMTPServerDisconnected("ilse@hulp.example"), "does not speak as a mail server should"),
    ],
)
def test_a_mail_server_that_refuses_is_said_without_its_own_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    settings.MAIL_HOST, settings.MAIL_TLS = "mail.example", True
    monkeypatch.setattr(smtplib, "SMTP", Refuses(error))
    told = str(reach.mail())
    assert words in told
    assert told.startswith("WRONG mail")
    assert "ilse" not in told


def refused() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (refused(), "WRONG certificate: hulp.example: browsers refuse it (certificate has expired)"),
        (
            ConnectionRefusedError(111, "Connection refused"),
            "warn  certificate: hulp.example does not answer",
        ),
    ],
)
def test_a_certificate_that_browsers_refuse_is_wrong_and_one_that_is_not_there_yet_a_note(
    monkeypatch: pytest.MonkeyPatch, error: Exception, begins: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(outside, "expiry", fails)
    assert str(reach.certificate("https://hulp.example", NOW)).startswith(begins)


@pytest.mark.parametrize(("days", "well"), [(40, True), (5, False)])
def test_a_certificate_says_how_many_days_are_left(
    monkeypatch: pytest.MonkeyPatch, days: int, well: bool
) -> None:
    monkeypatch.setattr(outside, "expiry", lambda *_: later(NOW, days * 86_400 + 60))
    found = reach.certificate("https://hulp.example", NOW)
    assert f"{days} days left" in found.words
    assert found.is_well == well


def test_a_host_that_no_time_server_sets_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "TIME_SERVER", ["echo", "no"])
    assert str(health.time_server()).startswith("warn  time server: none sets this host's clock")


def test_a_line_whose_alerts_reach_nobody_is_named_and_no_address_is_printed(
    helpwanted: Line, settings: Settings
) -> None:
    settings.MAIL_HOST = ""
    Line.objects.update(alert_mail="ilse@hulp.example")
    told = str(trust.alert_addresses())
    assert told.startswith("WRONG alert addresses: no mail is sent, so nobody is told of alerts on Helpw")
    assert "ilse" not in told
    settings.MAIL_HOST = "mail.example"
    assert trust.alert_addresses().is_well


def test_whatever_does_not_answer_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "PATIENCE_SECONDS", 0.0)
    answered = threading.Event()

    def hangs() -> Finding:
        answered.wait()
        return Finding("mail", "too late")

    (found,) = findings.begun("mail", hangs, "look at it")()
    answered.set()
    assert found.words.startswith("no answer within")
    assert found.is_wrong


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Path]:
    """Makes the folder of the keys hang, as a network folder does whose server is away: whoever looks into it
    waits."""
    folder, answered = settings.KEY_FOLDERS[0], threading.Event()

    def waits(plain: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Path, *args: Any, **facts: Any) -> Any:
            if folder in (path, *path.parents):
                if threading.current_thread() is threading.main_thread():
                    pytest.fail("this would wait for ever")
                answered.wait()
            return plain(path, *args, **facts)

        return asked

    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(findings, "PATIENCE_SECONDS", 0.2)
    for name in ("exists", "stat", "is_file", "glob", "read_text", "mkdir"):
        monkeypatch.setattr(Path, name, waits(getattr(Path, name)))
    ask = starting.why_unwritable
    monkeypatch.setattr(starting, "why_unwritable", waits(ask))
    yield folder
    answered.set()


def test_a_key_folder_that_hangs_is_named_and_what_reads_it_is_not_waited_for(hanging: Path) -> None:
    begun = time.monotonic()
    said = [str(one) for one in health.examine(NOW)]
    assert any(f"{hanging} does not answer" in one for one in said)
    assert [one for one in said if "hosts: not checked" in one]
    assert time.monotonic() - begun < 15


def test_a_database_without_tables_is_not_kept_by_a_folder_that_hangs(
    hanging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    said = [str(one) for one in health.examine(NOW)]
    assert [one for one in said if "tables: could not be checked" in one]
    assert any(f"{hanging} does not answer" in one for one in said)


def test_the_status_says_that_a_folder_hangs_and_is_not_kept_by_it(hanging: Path, helpwanted: Line) -> None:
    begun, out = time.monotonic(), StringIO()
    with pytest.raises(CommandError):
        call_command("status", stdout=out)
    assert "HELPLINE_KEYS or HELPLINE_JOURNAL does not answer" in out.getvalue()
    assert re.search("Last purge +not known", out.getvalue())
    assert time.monotonic() - begun < 15


def test_an_empty_database_beside_the_keys_of_a_helpline_asks_for_its_backup(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(upgrades, "has_release", lambda: False)
    assert "begin with `helpline setup`" in database.tables().advice
    settings.KEY_FOLDERS[0].mkdir(exist_ok=True)
    (settings.KEY_FOLDERS[0] / "2026-12-03T10.1.slots").touch()
    found = database.tables()
    assert (found.stops, "put the backup back" in found.advice) == (True, True)
    out = StringIO()
    call_command("status", stdout=out)
    assert "Put its backup back" in out.getvalue()


def test_a_check_that_fails_is_a_finding_and_no_traceback() -> None:
    def fails() -> Finding:
        raise KeyError("ilse@hulp.example")

    (found,) = findings.looked_at("purge", fails)
    assert found.is_wrong
    assert "KeyError" in found.words
    assert "ilse" not in str(found)


def test_with_an_option_it_is_django_s_own() -> None:
    out = StringIO()
    call_command("check", list_tags=True, stdout=out)
    assert "security" in out.getvalue()
    call_command("check", "chat", stdout=out)
    assert "no issues" in out.getvalue()


@pytest.mark.parametrize(
    ("typed", "here"),
    [("helpline", "`helpline purge --x`"), ("python3 manage.py", "`python3 manage.py purge --x`")],
)
def test_a_sentence_names_the_command_that_exists_where_it_is_read(
    settings: Settings, typed: str, here: str
) -> None:
    settings.TYPED = typed
    assert as_typed_here("The helpline goes on. Run `helpline purge --x`.") == (
        f"The helpline goes on. Run {here}."
    )


def test_what_a_finding_advises_can_be_typed(settings: Settings) -> None:
    settings.TYPED = ".venv/bin/python manage.py"
    finding = Finding("purge", "never ran", "start `helpline worker`")
    assert str(finding) == "WRONG purge: never ran → start `.venv/bin/python manage.py worker`"


class OfOurs(BaseHTTPRequestHandler):
    """Plays one of our processes whose database does not answer: it is alive, but not ready."""

    def do_GET(self) -> None:
        said = {"/healthz": b"ok", "/readyz": b"database"}[self.path]
        self.send_response(200 if self.path == "/healthz" else 503)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


def test_a_process_of_ours_that_waits_for_its_database_still_has_its_port() -> None:
    with ThreadingHTTPServer(("127.0.0.1", free_ports()), OfOurs) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        assert ports.trouble(server.server_port) == ""
        assert ports.answer(server.server_port) == "database"
        server.shutdown()
    assert ports.answer(server.server_port) == ""


def test_two_clocks_that_differ_are_both_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_guard, "database_clock", lambda: later(NOW, -86_400))
    told = str(health.clock_of_database())
    assert told.startswith(f"WRONG clock: this host says {clock.now():%Y-%m-%d %H}")
    assert f"the database's host {later(NOW, -86_400):%Y-%m-%d %H:%M:%S} UTC" in told


def test_a_key_folder_that_belongs_to_root_stops_a_start_and_names_both_accounts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.KEY_FOLDERS = [tmp_path]
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    (found,) = health.key_folders(reads_tables=False)
    assert found.stops
    assert "let the account number 4000000 write there" in found.advice
    assert "never copy keys" in found.advice


def test_a_key_folder_that_was_moved_away_is_to_be_brought_back_and_not_made_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.KEY_FOLDERS = [tmp_path / "keys"]
    monkeypatch.setattr(starting, "why_unwritable", lambda _: "cannot be made: / cannot be written")
    (found,) = health.key_folders()
    assert (found.stops, "is not there" in str(found)) == (True, True)
    assert "make no new one" in found.advice
    assert "let the account" not in found.advice
