"""The threat model claims nothing without a test: each row names an existing one, or says that there is
none."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text()
SHOWN = re.compile(r"`(tests/[\w./-]+)(?:::([^`]+))?`")
UNTESTED = "not tested"


def rows() -> list[list[str]]:
    """Returns the cells of each row, except headings and rules."""
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in {"who", "---"}]


def is_in(title: str, text: str) -> bool:
    """Returns whether the file has this Python function, or a JavaScript test with this title."""
    return f"def {title}(" in text or f'test("{title}"' in text


def test_the_document_has_rows_and_they_name_tests() -> None:
    assert len(rows()) > 40
    assert len(SHOWN.findall(TEXT)) > 80


def test_each_row_says_who_what_what_stops_them_and_where_it_is_shown() -> None:
    wrong = [row for row in rows() if len(row) != 4 or not all(row)]
    assert wrong == []
    assert [row for row in rows() if not (SHOWN.search(row[3]) or UNTESTED in row[3])] == []


def test_each_test_that_is_named_is_there() -> None:
    missing = []
    for path, title in sorted(set(SHOWN.findall(TEXT))):
        text = (ROOT / path).read_text() if (ROOT / path).is_file() else ""
        if not (is_in(title, text) if title else re.search(r"def test_|\btest\(", text)):
            missing.append(f"{path} {title}")
    assert missing == []
