"""What a comment or a document names is there: paths, files, and the functions of a module."""

import importlib
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = ("helpline", "chat", "counsellors", "frontend", "tests", "docs", "deploy", "benchmarks")
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TOP)})/[\w./*-]*[\w*/]")
FILE = re.compile(r"(?<![\w/.*-])[\w-]+\.(?:py|js|css|md|yaml|html)\b")
DOTTED = re.compile(r"`([a-z_]+(?:\.[a-z_]+)*)\.([A-Za-z_]+)(?:\(\))?`")
# Files of other people's programs, and what a run makes.
ELSEWHERE = {"Node.js", "celery.py", "get-pip.py"}


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


def words_of(name: str) -> str:
    """All of a document; of code its comments, and in Python its docstrings."""
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


@pytest.mark.parametrize("name", texts())
def test_a_path_that_is_named_is_there(name: str) -> None:
    for found in PATH.findall(words_of(name)):
        there = any((ROOT).glob(found.rstrip("/"))) if "*" in found else (ROOT / found).exists()
        assert there, f"{name} names {found}, which is not there"


@pytest.mark.parametrize("name", texts())
def test_a_file_that_is_named_is_there(name: str) -> None:
    for found in FILE.findall(words_of(name)):
        assert found in NAMES | ELSEWHERE, f"{name} names {found}, and no file is called so"


@pytest.mark.parametrize("name", texts())
def test_a_function_that_is_named_by_its_module_is_there(name: str) -> None:
    for module, attribute in DOTTED.findall(words_of(name)):
        homes = [one for one in MODULES if one == module or one.endswith("." + module)]
        if not homes:
            continue  # somebody else's
        assert any(_has(home, attribute) for home in homes), f"{name} names {module}.{attribute}"


def _has(home: str, attribute: str) -> bool:
    if attribute in {"py", "js"} or f"{home}.{attribute}" in MODULES:
        return True
    return hasattr(importlib.import_module(home), attribute)
