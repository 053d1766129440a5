"""The paths, files and functions that a comment or a document names exist."""

import importlib
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOP = ("helpline", "chat", "counsellors", "frontend", "tests", "docs", "deploy", "benchmarks")
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TOP)})/[\w./*-]*[\w*/]")
FILE = re.compile(r"(?<![\w/.*-])[\w-]+\.(?:py|js|css|md|yaml|html)\b")
DOTTED = re.compile(r"`([a-z_]+(?:\.[a-z_]+)*)\.([A-Za-z_]+)(?:\(\))?`")
# Files of other programs, and files that a run makes.
MADE = {"docs/asyncapi.yaml", "frontend/shared/protocol.d.ts"}
ELSEWHERE = {"Node.js", "celery.py", "get-pip.py", "asyncapi.yaml"}


def listed() -> list[str]:
    named = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in named.splitlines() if (ROOT / name).is_file()]


LISTED = listed()
NAMES = {name.rsplit("/", 1)[-1] for name in LISTED}
MODULES = {
    name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for name in LISTED
    if name.endswith(".py") and name.split("/")[0] in {"helpline", "chat", "counsellors"}
}


def texts() -> list[str]:
    return [
        name
        for name in LISTED
        if name.endswith((".md", ".py", ".js", ".css", ".mjs", "Makefile", ".ci/run"))
        and "/vendor/" not in name
        if "/migrations/" not in name and not name.endswith("test_references.py")
    ]


@cache
def words_of(name: str) -> str:
    """Returns all of a document; of code its comments, and of Python also its docstrings."""
    path = ROOT / name
    if name.endswith(".py"):
        with path.open("rb") as file:
            return "\n".join(_python_words(file))
    if name.endswith((".js", ".mjs", ".css")):
        found = re.findall(r"/\*.*?\*/|(?<!:)//[^\n]*", path.read_text(), re.DOTALL)
        return "\n".join(re.sub(r"import\([^)]*\)", "", comment) for comment in found)
    return re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)


def _python_words(file: object) -> Iterator[str]:
    for token in tokenize.tokenize(file.readline):  # type: ignore[attr-defined]
        is_doc = token.type == tokenize.STRING and token.string.startswith(('"""', 'r"""'))
        if token.type == tokenize.COMMENT or is_doc:
            yield token.string


def test_a_path_that_is_named_is_there() -> None:
    assert [f"{name}: {found}" for name, found in named_by(PATH) if not _is_there(found)] == []


def test_a_file_that_is_named_is_there() -> None:
    known = NAMES | ELSEWHERE
    assert [f"{name}: {found}" for name, found in named_by(FILE) if found not in known] == []


def test_a_function_that_is_named_by_its_module_is_there() -> None:
    missing = []
    for name, (module, attribute) in named_by(DOTTED):
        homes = [one for one in MODULES if one == module or one.endswith("." + module)]
        if homes and not any(_has(home, attribute) for home in homes):  # otherwise it is another module's
            missing.append(f"{name}: {module}.{attribute}")
    assert missing == []


def named_by(pattern: re.Pattern[str]) -> Iterator[tuple[str, Any]]:
    """Yields each text with the names in it."""
    assert len(texts()) > 1000
    return ((name, found) for name in texts() for found in pattern.findall(words_of(name)))


def _is_there(found: str) -> bool:
    if found in MADE:
        return True
    return any(ROOT.glob(found.rstrip("/"))) if "*" in found else (ROOT / found).exists()


def _has(home: str, attribute: str) -> bool:
    if attribute in {"py", "js", "json"} or f"{home}.{attribute}" in MODULES:
        return True
    return hasattr(importlib.import_module(home), attribute)
