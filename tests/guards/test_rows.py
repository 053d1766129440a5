"""docs/reliability.md names a test for each fault and refusal. The test exists and runs where the row
says."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.databases.test_rows_in_postgresql import MODULES

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|benchmarks)/[\w/]+\.py)(?:::(\w+))?`")
PLACES = {"stack", "installation", "browser", "processes", "domain", "drill"}
HEADINGS = {"Faults": 22, "Refusals": 22, "Reported of other systems, impossible here": 13}


def rows() -> dict[str, list[tuple[str, list[tuple[str, str]], set[str]]]]:
    """Returns for each heading what happens, the tests (file, name), and where they run."""
    text = (ROOT / "docs" / "reliability.md").read_text()
    table = text[text.index("## Row by row") : text.index("## The drills")]
    found: dict[str, list[tuple[str, list[tuple[str, str]], set[str]]]] = {}
    heading = ""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[0].startswith("**") or cells[0].startswith(" **"):
            heading = cells[0].strip("* |")
            found[heading] = []
        elif heading and len(cells) == 3:
            found[heading].append((cells[0], NAMED.findall(cells[1]), set(cells[2].strip("| ").split(", "))))
    return found


ALL = [row for each in rows().values() for row in each]


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign)
    found = {node.name for node in ast.walk(tree) if isinstance(node, kinds[:3])}
    return found | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def is_on_the_stack(file: str) -> bool:
    """Returns whether the test needs real servers, runs again on them, or is a drill."""
    text = (ROOT / file).read_text()
    again = {f"tests/{name}.py" for name in MODULES}
    signs = ("mark.stack", "platform: Platform", "steady: Platform", "two: Platform")
    return (
        file in again
        or file.startswith(("tests/drills/", "benchmarks/"))
        or any(sign in text for sign in signs)
    )


def test_no_row_went_missing() -> None:
    assert {heading: len(found) for heading, found in rows().items()} == HEADINGS


@pytest.mark.parametrize(("what", "shown_by", "places"), ALL, ids=[row[0][:60] for row in ALL])
def test_each_row_names_tests_that_are_there(
    what: str, shown_by: list[tuple[str, str]], places: set[str]
) -> None:
    assert shown_by, what
    assert places <= PLACES
    for file, name in shown_by:
        assert not name or name in names_in(file), f"{file} has no {name}"
    if "stack" in places:
        assert any(is_on_the_stack(file) for file, _ in shown_by)
    needs_a_drill = all(file.startswith(("tests/drills/", "benchmarks/")) for file, _ in shown_by)
    assert not needs_a_drill or "drill" in places


def test_faults_and_refusals_are_played_on_the_real_thing() -> None:
    """What others reported may be tested on the page or by calculation alone; faults and refusals may not."""
    for heading in ("Faults", "Refusals"):
        assert [
            what
            for what, _, places in rows()[heading]
            if not places & {"stack", "installation", "browser", "processes"}
        ] == []
