"""Whoever types `helpline` alone reads what each command does that a page for administrators names."""

import re
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands
from pytest_django import Settings

from helpline import __main__, overview

ROOT = Path(__file__).parents[2]
PAGES = ("install", "operations", "backup", "upgrade", "secrets", "takeover", "alerts", "trust")
OF_AN_ADMINISTRATOR = {"setup", "check", "status", "backup", "restore", "upgrade", "link", "papers", "purge"}


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_it_lists_each_command_with_a_line_and_none_that_an_administrator_does_not_need(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["helpline", *words])
    __main__.main()
    rows = capsys.readouterr().out.splitlines()
    listed = {row.split()[0]: row.split(maxsplit=1)[1] for row in rows if row.startswith("  ")}
    assert listed.keys() >= OF_AN_ADMINISTRATOR
    assert "runserver" not in "".join(rows)


@pytest.mark.parametrize("checkout", [True, False])
def test_each_line_fits_a_terminal_and_every_command_that_a_page_names_is_there(
    checkout: bool, settings: Settings
) -> None:
    settings.CHECKOUT = checkout
    rows = overview.text().splitlines()
    assert [row for row in rows if row.startswith("  ") and len(row) > 110] == []
    listed = {row.split()[0] for row in rows if row.startswith("  ")}
    pages = "".join((ROOT / "docs" / f"{name}.md").read_text() for name in PAGES)
    named = {
        *re.findall(r"^helpline ([a-z-]+)", pages, re.MULTILINE),
        *re.findall(r"`helpline ([a-z-]+)", pages),
    }
    assert named & {*get_commands()} <= listed
    assert ("certificate" in listed) is not checkout
