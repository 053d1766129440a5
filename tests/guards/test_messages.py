"""What a message tells a person to type exists on the machine where they read it (helpline/lib/typed.py)."""

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from helpline.lib import typed

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("chat", "counsellors", "helpline") for path in (ROOT / folder).rglob("*.py")]
BY_NAME = re.compile(
    r"manage\.py [a-z]|(?<!`)\bhelpline (?:check|status|purge|root|worker|backup|migrate|setup)\b"
)

CHAPTER = re.compile(r"docs/([a-z-]+\.md), ([A-Z][A-Za-z ]+[a-z])")
HEADING = re.compile(r"^#+ (?:\d+\. )?(.+?)$", re.MULTILINE)


def test_a_command_in_a_sentence_stands_in_backquotes_as_helpline() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text().splitlines()
        if BY_NAME.search(line)
    ]
    assert found == [], "write `helpline …`, and show it by as_typed_here"


def test_operators_pages_name_the_installed_command() -> None:
    for name in ("alerts", "operations", "incident", "backup", "upgrade", "install", "scale", "trust"):
        text = (ROOT / "docs" / f"{name}.md").read_text()
        assert not re.search(r"(?<!python )manage\.py [a-z]", text), name


def test_a_chapter_that_a_message_names_is_in_that_document() -> None:
    named = {found for path in SOURCES for found in CHAPTER.findall(path.read_text())}
    assert len(named) >= 8
    missing = [
        f"{document}, {chapter}"
        for document, chapter in sorted(named)
        if chapter not in HEADING.findall((ROOT / "docs" / document).read_text())
    ]
    assert missing == [], "name a chapter by its heading, without its number"


def test_where_the_package_is_installed_messages_name_the_pages_that_it_brought(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "see docs/settings.md, then run `helpline check`"
    assert "see docs/settings.md, " in typed.as_typed_here(said), "a checkout has them there"
    settings.CHECKOUT, settings.TYPED = False, "helpline"
    assert typed.as_typed_here(said) == said, "from a wheel alone there are none"
    monkeypatch.setattr(typed, "PAGES", tmp_path)
    assert typed.as_typed_here(said) == f"see {tmp_path}/settings.md, then run `helpline check`"
