"""`manage.py load` plays an evening on a running platform, within bounds, and reports the result."""

import importlib.metadata
import re
import subprocess
import sys

import pytest

from tests.support.platform import ROOT, Platform


def test_an_evening_is_played_and_no_message_is_lost(laptop: Platform) -> None:
    played = laptop.manage(
        "load", "--callers", "6", "--counsellors", "2", "--minutes", "0.3", "--pace", "60", "--seed", "1"
    )
    assert played.returncode == 0, played.stdout + played.stderr
    counts = dict(re.findall(r"^(.+): (\d+)$", played.stdout, re.MULTILINE))
    assert counts["counsellors on duty"] == "2"
    assert int(counts["conversations begun"]) > 0
    assert int(counts["messages"]) > 10
    assert "messages lost" not in counts
    assert "delivery: p50" in played.stdout


@pytest.mark.parametrize("words", [("--callers", "5001"), ("--minutes", "0"), ("--counsellors", "101")])
def test_load_beyond_its_bounds_is_refused(laptop: Platform, words: tuple[str, str]) -> None:
    played = laptop.manage("load", *words)
    assert played.returncode != 0
    assert f"{words[0]} is more than 0 and at most" in played.stderr


def test_more_counsellors_than_the_demo_has_are_refused_with_the_setting_that_makes_more(
    laptop: Platform,
) -> None:
    played = laptop.manage("load", "--counsellors", "100")
    assert played.returncode != 0
    assert "HELPLINE_DEMO_COUNSELLORS" in played.stderr


IMPORTED = """
import sys
before = set(sys.modules)
import benchmarks.evening, benchmarks.signin
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - set(sys.stdlib_module_names) - {"benchmarks"}))
"""


def test_it_needs_nothing_but_what_make_run_installs() -> None:
    """A newcomer who has only run `make run` can play an evening, too."""
    found = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    owners = importlib.metadata.packages_distributions()
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    known = {name.lower().replace("_", "-") for name in locked}
    needed = {owner.lower().replace("_", "-") for name in found for owner in owners.get(name, [])}
    assert "msgspec" in needed
    assert needed <= known
