"""What the page of secrets lets an administrator type can be typed again after an interruption."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from helpline.machine import environment_file

ROOT = Path(__file__).parents[2]


def blocks(section: int = 1) -> list[str]:
    """Returns the rounds of a section, without what needs systemd."""
    page = (ROOT / "docs/secrets.md").read_text()
    text = page[page.index(f"## {section}. ") : page.index(f"## {section + 1}. ")]
    rounds = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [re.sub(r"^(for unit|helpline check).*$", "", one, flags=re.MULTILINE) for one in rounds]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "helpline.env"
    made.write_text('HELPLINE_SECRET_KEY="leaked"\nPORT="8000"\n')
    return made


def types(block: str, file: Path) -> None:
    words = block.replace(environment_file.FILE, str(file))
    subprocess.run(["sh", "-ec", words], check=True)


def settings_in(file: Path) -> dict[str, str]:
    return dict(re.findall(r'^(\w+)="(.*)"$', file.read_text(), re.MULTILINE))


@pytest.mark.parametrize("again", [1, 2, 3])
def test_a_secret_that_leaked_is_gone_however_often_a_round_was_typed(file: Path, again: int) -> None:
    first, exchange, end = blocks()
    types(first, file)
    new = settings_in(file)["HELPLINE_SECRET_KEY_ALSO"]
    for _ in range(again):
        types(exchange, file)
    assert settings_in(file) == {
        "HELPLINE_SECRET_KEY": new, "HELPLINE_SECRET_KEY_ALSO": "leaked", "PORT": "8000",
    }  # fmt: skip
    types(end, file)
    assert settings_in(file) == {"HELPLINE_SECRET_KEY": new, "PORT": "8000"}


@pytest.mark.parametrize(
    ("row", "takes", "asked"),
    [
        ('DATABASE_URL="postgresql://helpline:old@db1,db2:5432/helpline"', True, True),
        ("DATABASE_URL='postgresql://helpline:old@db1/helpline'", True, True),
        ("DATABASE_URL=postgresql://helpline:old@db1/helpline", True, True),
        ('DATABASE_URL="postgresql://helpline:old@db1/helpline"', False, True),
        ('DATABASE_URL="postgresql:///helpline"', True, False),
    ],
)
def test_a_database_gets_a_new_password_only_if_the_file_gets_it_too(
    tmp_path: Path, row: str, takes: bool, asked: bool
) -> None:
    file, programs = tmp_path / "helpline.env", tmp_path / "bin"
    file.write_text(f"{row}\n")
    programs.mkdir()
    for name, does in (
        ("helpline", f"cat > asked; exit {0 if takes else 3}"),
        ("systemctl", "touch restarted"),
    ):
        (programs / name).write_text(f"#!/bin/sh\ncd {tmp_path}; {does}\n")
        (programs / name).chmod(0o755)
    words = blocks(2)[0].replace(environment_file.FILE, str(file)).replace("/run/", f"{tmp_path}/")
    environment = {"PATH": f"{programs}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-c", words], check=False, env=environment)
    told = (tmp_path / "asked").read_text() if asked else ""
    assert told.startswith("ALTER ROLE CURRENT_USER PASSWORD '") is asked
    done = takes and asked
    assert file.read_text() == (f"{row.replace('old', told.split(chr(39))[1])}\n" if done else f"{row}\n")
    assert (tmp_path / "restarted").exists() is done
    assert (tmp_path / "new-password").exists() is not done, "it is not lost"


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ('HELPLINE_X="plain"', True), ("HELPLINE_X='Pa$word'", True), ("# a $ in a comment", True),
        ('HELPLINE_X="Pa$word"', False), ("HELPLINE_X=$HOME", False), ('HELPLINE_X="a`id`"', False),
        ('HELPLINE_X="a\\\\b"', False),
    ],
)  # fmt: skip
def test_the_command_refuses_a_file_that_sh_reads_otherwise_than_systemd(
    tmp_path: Path, row: str, fits: bool
) -> None:
    script, file = (ROOT / "deploy/bin/helpline").read_text(), tmp_path / "helpline.env"
    file.write_text(f"{row}\n")
    ends = script.index("cd /var/lib/helpline")
    words = script[:ends].replace(environment_file.FILE, str(file))
    ran = subprocess.run(
        ["sh", "-c", words, "helpline", "status"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode == 0) is fits, ran.stderr
    assert ("in single quotes. HELPLINE_X" in ran.stderr) is not fits
    assert "word" not in ran.stderr
