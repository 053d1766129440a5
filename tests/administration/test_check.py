"""`helpline check`: is all there for a start; and every sentence names the command that can be typed here."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from chat.administration.findings import Finding
from helpline.lib import stores
from helpline.lib.errors import FOR_A_PERSON
from helpline.lib.typed import as_typed_here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
SERVER = {
    "DATABASE_URL": "postgresql://", "METRICS_TOKEN": "",
    "SECRET_KEY": "a secret of a test, long enough and of many letters: 0123456789 xyz",
    "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _a_server(settings: Settings, tmp_path: Path) -> None:
    for name, value in SERVER.items():
        setattr(settings, name, value)
    settings.RELEASES = tmp_path / "releases"
    settings.AUDIT_HEADS = tmp_path / "audit-heads.log"


def checked(monkeypatch: pytest.MonkeyPatch, redis: str = "") -> tuple[list[str], int]:
    monkeypatch.setattr(stores, "layer_trouble", lambda: redis)
    out, status = StringIO(), 0
    try:
        call_command("check", stdout=out)
    except CommandError as error:
        status = error.returncode
    return out.getvalue().splitlines(), status


def test_where_all_is_there_each_line_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1/0"
    lines, status = checked(monkeypatch)
    assert [line.split(":")[0] for line in lines] == [
        "ok    settings", "ok    HELPLINE_KEYS", "ok    HELPLINE_JOURNAL", "ok    HELPLINE_RELEASES",
        "ok    HELPLINE_AUDIT_HEADS", "ok    database", "ok    redis", "ok    together",
    ]  # fmt: skip
    assert status == 0


def test_all_that_is_missing_is_named_and_the_status_is_2(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1/0"
    settings.SECRET_KEY = "short"
    (tmp_path / "file").touch()
    settings.RELEASES = tmp_path / "file" / "releases"
    lines, status = checked(monkeypatch, redis="Connection refused")
    wrong = [line.split(":")[0] for line in lines if line.startswith("WRONG")]
    assert wrong == ["WRONG HELPLINE_RELEASES", "WRONG redis", "WRONG together"]
    assert "HELPLINE_SECRET_KEY needs 50 characters" in lines[-1]
    assert status == FOR_A_PERSON


def test_that_there_is_no_secret_is_a_sentence_and_no_traceback(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = ""
    lines, status = checked(monkeypatch)
    assert [line for line in lines if "HELPLINE_SECRET_KEY needs 50 characters" in line]
    assert status == 2


def test_tables_that_are_missing_are_named_before_a_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'planning'")
    lines, _ = checked(monkeypatch)
    (told,) = [line for line in lines if "tables" in line.split(":")[0]]
    assert "(planning)" in told


def test_a_mistyped_variable_is_pointed_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1/0"
    monkeypatch.setitem(settings.ENVIRONMENT.values, "HELPLINE_GRANT_SECOND", "20")
    lines, status = checked(monkeypatch)
    assert "warn  settings: HELPLINE_GRANT_SECOND is none of this release → see docs/settings.md" in lines
    assert status == 0


def test_with_an_option_it_is_django_s_own(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1/0"
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


def test_what_the_doctor_advises_can_be_typed(settings: Settings) -> None:
    settings.TYPED = ".venv/bin/python manage.py"
    finding = Finding("purge", "never ran", "start `helpline worker`")
    assert str(finding) == "WRONG purge: never ran → start `.venv/bin/python manage.py worker`"
