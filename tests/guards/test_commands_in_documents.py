"""Each command in a document exists, and has that option."""

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from helpline.machine.__main__ import parser_of
from helpline.machine.machine import Machine
from tests.drills.document import Block, blocks

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
CALL = re.compile(r"(?:\bhelpline|manage\.py) ([a-z][a-z-]+)((?: +(?:--?[\w-]+|[\w.:/=…-]+))*)")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]+")
TYPED = {
    "install.md",
    "upgrade.md",
    "backup.md",
    "operations.md",
    "trust.md",
    "secrets.md",
    "takeover.md",
}
DRILLS = ("test_install.py", "test_secrets.py", "installed.py")  # the drills type them
BY_HAND = "install-by-hand.md"  # left out: the drill types the page of the package, which does the same
MAKE = re.compile(r"`make ([a-z-]+)")


def calls(text: str) -> list[tuple[str, set[str]]]:
    """Returns each `helpline <command> …` in code, with its options."""
    code = "\n".join(re.findall(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL) and [
        one or two for one, two in re.findall(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    ])  # fmt: skip
    return [(name, set(OPTION.findall(words))) for name, words in CALL.findall(code)]


def of_the_package() -> dict[str, ArgumentParser]:
    """Returns the parsers of the commands that change the machine."""
    (found,) = (one.choices for one in parser_of(Machine())._actions if isinstance(one.choices, dict))
    return found


def options_of(command: str) -> set[str]:
    """Returns the options of the program's command, and of the package's own command of that name."""
    parsers = [parser for name, parser in of_the_package().items() if name == command]
    if command in get_commands():
        program = load_command_class(get_commands()[command], command)
        parsers.append(program.create_parser("helpline", command))
    return {text for one in parsers for action in one._actions for text in action.option_strings}


@pytest.mark.parametrize(
    "path", [*DOCUMENTS, ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.name
)
def test_a_command_that_a_document_names_is_there_with_its_options(path: Path) -> None:
    known = {*get_commands(), *of_the_package()}
    for name, options in calls(path.read_text()):
        assert name in known, f"{path.name}: helpline {name}"
        assert options <= options_of(name), f"{path.name}: helpline {name} {options}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_block_is_typed_by_a_drill_or_says_why_not(path: Path) -> None:
    unmarked: list[Block] = [block for block in blocks(path.name) if not block.mark]
    assert path.name in {*TYPED, BY_HAND} or not unmarked, unmarked
    drill = "".join((ROOT / "tests" / "drills" / name).read_text() for name in DRILLS)
    assert path.name not in TYPED or f'"{path.name}"' in drill


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "README.md"], ids=lambda path: path.name)
def test_a_target_that_a_document_names_is_in_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(MAKE.findall(path.read_text())) <= targets
