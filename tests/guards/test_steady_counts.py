"""`make steady` counts the successful runs of the present tests since the last failed one."""

from pathlib import Path

import pytest

from tests.drills import steady
from tests.drills.steady import Run

TABLE = """
| 2026-11-28 | `aaaaaaa` | `make test`, two busy loops | none | 8.0 | green |
| 2026-11-28 | `bbbbbbb` | `make test-all`, alone | 829 | 36.0 | red: tests/queue/test_front.py::test_one |
| 2026-11-29 | `bbbbbbb` | `make test-all`, alone | 830 | 35.5 | green |
"""


def test_a_row_is_read_as_it_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = tmp_path / "testing.md"
    table.write_text(TABLE)
    monkeypatch.setattr(steady, "TABLE", table)
    assert steady.runs() == [
        Run("aaaaaaa", "test", True),
        Run("bbbbbbb", "test-all", False),
        Run("bbbbbbb", "test-all", True),
    ]


def test_after_a_red_run_and_after_a_change_of_the_tests_the_count_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steady, "_has_these_tests", lambda commit: commit != "old")
    green, red = Run("now", "test", True), Run("now", "test", False)
    assert steady.counted([Run("old", "test", True), green, green]) == ["test", "test"]
    assert steady.counted([green, green, red, green]) == ["test"]
    assert steady.counted([green, Run("old", "test", False)]) == ["test"], "a defect of other tests"


def test_a_red_run_names_what_failed_in_python_and_in_node() -> None:
    output = (
        "FAILED tests/queue/test_front.py::test_one - Assert\nok 1 - a box\nnot ok 2 - a guest's box\n  ---\n"
    )
    assert steady.failed(output) == ["a guest's box", "tests/queue/test_front.py::test_one"]
