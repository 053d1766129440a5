"""CI fails a test that costs too much CPU, and a folder that exceeds its budget. Elsewhere nothing is
counted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import costs
from tests.support.costs import Costs
from tests.support.platform import ROOT

SPINS = """
import time

def test_it_spins():
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
"""
PROGRAM = """
import sys
import pytest
from tests.support import costs

costs.FAILED = {most}
sys.exit(pytest.main())
"""
CONFTEST = """
from tests.support.costs import Costs

def pytest_configure(config):
    config.pluginmanager.register(Costs("short"))
"""


@pytest.mark.long
@pytest.mark.parametrize(("most", "status"), [(0.001, 1), (1000, 0)])
def test_a_test_that_costs_too_much_is_red_and_says_so(tmp_path: Path, most: float, status: int) -> None:
    folder = tmp_path / "any" / "folder"
    folder.mkdir(parents=True)
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_spins.py").write_text(SPINS)
    words = ["-p", "no:django", "-p", "no:asyncio", "-p", "no:cacheprovider", "-q", "-c", "/dev/null"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(most=most), *words, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert ("above 0.001: make it cheaper" in done.stdout) == (status == 1)
    assert "test_it_spins" in done.stdout, "among the slowest"


def test_a_folder_may_cost_half_more_than_its_budget_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "budget", lambda _: {"queue": 100.0})
    counted = Costs("short")
    counted.folders["queue"] = 150.0
    assert counted.over == []
    counted.folders["queue"] = 160.0
    counted.folders["new"] = 5.0
    assert [words.split()[0] for words in counted.over] == ["queue", "new"]


def test_what_children_cost_counts_also_when_they_have_ended() -> None:
    before = costs.spent()
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    assert costs.spent() - before > 0.1
