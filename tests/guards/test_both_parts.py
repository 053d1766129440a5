"""`make test` and `make test-long` together are every test, each once; CI runs both, and the checks."""

import re
import subprocess
import sys

import pytest

from tests.support.platform import ROOT


@pytest.mark.long
def test_both_parts_together_are_every_test_once() -> None:
    short, long, everything = collected("-m", "not long"), collected("-m", "long"), collected()
    assert len(short) > 3000
    assert len(long) > 300
    assert sorted([*short, *long]) == sorted(everything)


def test_the_commands_run_these_parts() -> None:
    makefile = (ROOT / "Makefile").read_text()
    parts = re.findall(
        r"^(test|test-long):.*\n(?:\t.*\n)*?\t.*\$\(PYTEST\).* -m (.*)$", makefile, re.MULTILINE
    )
    assert parts == [("test", '"not long"'), ("test-long", "long")]
    assert re.findall(r"^make (\S+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE) == [
        "test",
        "test-long",
        "check",
    ]


def collected(*words: str) -> list[str]:
    """The tests' names."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if "::" in line]
