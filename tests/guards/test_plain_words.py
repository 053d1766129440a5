"""Names and phrases that were replaced by standard terms do not come back (docs/glossary.md)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Names of modules, classes, functions and constants, alone or as a part between underscores.
DROPPED = {
    "door", "doors", "wall", "walls", "wish", "wishes", "lane", "lanes", "deed", "deeds", "mishaps", "proofs",
}  # fmt: skip
CLASSES = re.compile(r"(Door|Wish|Wishes|Lane|Deed|Turns|Pace)$")
CONSTANTS = {"MOST", "KEPT", "FRESH", "LASTS", "LONGEST"}
PHRASES = re.compile(
    r"out of the house|behind (the|a) wall|NotFound at (the|a) wall|moves the hand|opens? (the|a|no) door"
    r"|worse half|what time does|heart of a process|on every floor|the way out of the house",
    re.IGNORECASE,
)
# A gauge is named after the metric that it shows.
ALLOWED = {"helpline/line_gauges.py:LONGEST"}
PACKAGES = ("chat", "counsellors", "helpline")


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def names(path: Path) -> Iterator[str]:
    """Returns the module's own name, and what it defines at its top level and in its classes."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def is_dropped(name: str) -> bool:
    return (
        name in CONSTANTS
        or CLASSES.search(name) is not None
        or not DROPPED.isdisjoint(name.strip("_").split("_"))
    )


def test_no_dropped_name_comes_back() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{name}" for path in modules() for name in names(path) if is_dropped(name)
    }
    assert sorted(found - ALLOWED) == [], "take the field's term, or put the word into docs/glossary.md"


def test_no_dropped_phrase_comes_back() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.js"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = [
        ROOT / name for name in listed.stdout.split() if not name.startswith(("tests/", "frontend/vendor/"))
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in texts
        if path.is_file()
        for match in PHRASES.finditer(path.read_text())
    ]
    assert found == [], "say it plainly: CONTRIBUTING.md"


def test_the_glossary_is_short() -> None:
    rows = re.findall(r"^\| (?!word)[^-]", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert 20 < len(rows) <= 40
