"""Whoever types `helpline` alone reads what each command of ours does, and Django's names in one line."""

import sys

import pytest
from django.core.management import get_commands

from helpline import __main__, overview

OF_AN_ADMINISTRATOR = {"setup", "check", "status", "backup", "restore", "upgrade", "link", "papers", "purge"}


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_it_lists_each_command_of_ours_with_a_line_and_django_s_in_one(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["helpline", *words])
    __main__.main()
    rows = capsys.readouterr().out.splitlines()
    listed = {row.split()[0]: row.split(maxsplit=1)[1] for row in rows if row.startswith("  ")}
    assert listed.keys() >= OF_AN_ADMINISTRATOR
    assert "migrate" not in listed
    (of_django,) = [row for row in rows if row.startswith("Of Django: ")]
    assert "migrate" in of_django


def test_each_line_fits_a_terminal_and_every_command_is_named_once() -> None:
    rows = overview.text().splitlines()
    assert [row for row in rows if row.startswith("  ") and len(row) > 110] == []
    named = " ".join(row.split()[0] if row.startswith("  ") else row.partition(": ")[2] for row in rows[1:])
    assert sorted(named.replace(",", "").split()) == sorted(get_commands())
