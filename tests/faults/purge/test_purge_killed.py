"""A purge is killed before each thing that it does: all or nothing is readable, and the next one finishes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.purging import GONE, SORTS, STRIDE, steps
from tests.support import chance

pytestmark = pytest.mark.timeout(600)
PROGRAM = "import django; django.setup(); from tests.faults.purging import main; main()"
ROOT = Path(__file__).parents[3]
KEPT = set(SORTS) - GONE


@pytest.fixture(autouse=True)
def _home() -> None:
    """Replaces the folder's fixture: there is no client and no store."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.stack)])
def stops(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("purging")
    own = {
        "DJANGO_SETTINGS_MODULE": "helpline.settings",
        "HELPLINE_VAR": str(folder / "var"),
        "HELPLINE_SECRET_KEY": "only for tests",
        "DATABASE_URL": "",
        "TESTS_SEED": chance.RUN,
    }
    if request.param == "postgresql":
        own["DATABASE_URL"] = request.getfixturevalue("postgres").fresh_database()
    print(f"seed {chance.RUN}")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT, env=os.environ | own, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return list(steps(done.stdout))


def test_it_was_killed_at_every_step_and_only_the_last_one_lived(stops: list[dict[str, Any]]) -> None:
    assert len(stops) > 60 / STRIDE
    assert stops[-1]["number"] > 60
    assert [row["killed"] for row in stops] == [True] * (len(stops) - 1) + [False]


def test_at_every_stop_nothing_of_a_conversation_is_done_or_nothing_of_it_can_be_read(
    stops: list[dict[str, Any]],
) -> None:
    before = stops[0]["stop"]
    assert all(before[name]["opens"] for name in SORTS), "before the first step all of it opens"
    for row in stops:
        for name in GONE:
            now = row["stop"][name]
            untouched = now["rows"] == before[name]["rows"] or name == "left_open"
            assert (untouched and now["opens"]) or not now["opens"], (row["number"], name, now)
            assert now["there"] or now["rows"] == [0, 0], "never a row without its conversation"


def test_at_every_stop_what_is_not_due_is_whole_and_opens(stops: list[dict[str, Any]]) -> None:
    for row in stops:
        for name in KEPT:
            for moment in ("stop", "rerun"):
                now, before = dict(row[moment][name]), dict(stops[0]["stop"][name])
                assert now.pop("keys") in {before.pop("keys"), 1}, "the hold's key stays"
                assert now == before, (row["number"], name)


def test_the_next_purge_finishes_and_each_deletion_stands_in_the_journal_once(
    stops: list[dict[str, Any]],
) -> None:
    for row in stops:
        after = row["rerun"]
        assert not any(after[name]["there"] for name in GONE), row["number"]
        lines = after["journal"]
        assert [line[0] for line in lines] == list(range(1, len(lines) + 1))
        assert {name for _, name, held in lines if not held} == GONE
        assert len({(name, held) for _, name, held in lines}) == len(GONE) + 1
        assert [name for _, name, held in lines if held] == ["erased_hold_over"]


def test_the_next_purge_zeroes_the_keys_of_all_that_went_and_no_other(stops: list[dict[str, Any]]) -> None:
    for row in stops:
        left = {name: row["rerun"][name]["keys"] for name in SORTS}
        assert left == {name: 1 if name in KEPT else 0 for name in SORTS}, row["number"]
