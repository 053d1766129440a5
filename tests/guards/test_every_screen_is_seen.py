"""Each window of a browser test is opened where axe checks it before it closes."""

import ast
from pathlib import Path

import pytest

BROWSER = Path(__file__).parents[1] / "browser"
OPENS = {"new_context", "new_page", "launch", "launch_persistent_context"}
MAY_OPEN = {"people.py", "conftest.py"}


@pytest.mark.parametrize("path", sorted(BROWSER.glob("*.py")), ids=lambda path: path.name)
def test_windows_are_opened_in_one_place(path: Path) -> None:
    calls = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    if path.name not in MAY_OPEN:
        assert calls & OPENS == set(), "browsers.window() opens windows, and axe looks at each"
