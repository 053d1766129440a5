"""Counts in CI the CPU seconds of each test and folder, so that the suite does not become slow again. One
Argon2 hash makes machines comparable: `AS_COSTLY` is what it took where the limits and `tests/budget.csv`
were written down. Child processes count, running or ended."""

import csv
import os
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from functools import cache
from math import inf
from pathlib import Path

import pytest
from argon2 import PasswordHasher

BUDGET = Path(__file__).parents[1] / "budget.csv"
AS_COSTLY = 0.16  # CPU seconds of one hash
WARNED, FAILED = 2.0, 4.0  # CPU seconds of a test without a mark about its length
ABOVE = 1.5  # times a folder's budget
SLOWEST = 20
TICK = os.sysconf("SC_CLK_TCK")
CALL, WHOLE, BOUND = "cpu of the call", "cpu", "cpu that warns"


class Costs:
    """Measures in each worker. The process that distributes the tests adds up, and reports what was too
    much."""

    def __init__(self, part: str) -> None:
        self.part = part  # of the tests: a column of the budget
        self.calls: dict[str, float] = {}
        self.warned: set[str] = set()
        self.folders: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        item.stash[BEGUN] = spent()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        before = spent()
        try:
            return (yield)
        finally:
            item.user_properties.append((CALL, max(0.0, spent() - before) / scale()))
            if not _is_meant(item):
                item.user_properties.append((BOUND, WARNED))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        cost = _numbers(item).get(CALL, 0.0)
        if call.when == "call" and report.passed and not _is_meant(item):
            cost = _beside(cost)
        if call.when == "call" and report.passed and cost > FAILED and not _is_meant(item):
            report.outcome = "failed"
            report.longrepr = f"{cost:.1f} CPU seconds, above {FAILED:g}: make it cheaper, or mark it `long`"
        if call.when == "teardown":
            # Less than before: somebody killed a process that nobody reaped.
            whole = max(0.0, spent() - item.stash[BEGUN]) / scale()
            report.user_properties = [*item.user_properties, (WHOLE, whole)]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = _numbers(report)
        if report.when == "teardown" and WHOLE in found:
            self.folders[report.nodeid.split("/")[1]] += found[WHOLE]
            self.calls[report.nodeid] = found.get(CALL, 0.0)
            if found.get(CALL, 0.0) > found.get(BOUND, inf):
                self.warned.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.over and not hasattr(session.config, "workerinput"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        say = terminalreporter.write_line
        terminalreporter.section(
            f"CPU seconds, one Argon2 hash being {AS_COSTLY} (here {hash_seconds():.3f})"
        )
        for name, cost in sorted(self.calls.items(), key=lambda item: -item[1])[:SLOWEST]:
            say(f"{cost:7.1f}  {name}{f'  WARNING: above {WARNED:g}' if name in self.warned else ''}")
        for folder, cost in sorted(self.folders.items(), key=lambda item: -item[1]):
            say(f"{cost:7.0f}  {folder} (budget {budget(self.part).get(folder, 0):.0f})")
        for words in self.over:
            say(f"OVER BUDGET: {words}", red=True)

    @property
    def over(self) -> list[str]:
        allowed = budget(self.part)
        return [
            f"{folder} took {cost:.0f} of {allowed.get(folder, 0):.0f} CPU seconds (tests/budget.csv)"
            for folder, cost in self.folders.items()
            if cost > ABOVE * allowed.get(folder, 0) + FAILED
        ]


def _beside(cost: float) -> float:
    """Returns the lower bound in CPU seconds of the machine of the limits. Competition for caches and cores
    changes during a run: a machine that was quick at the first hash may be slow now."""
    return cost if cost <= FAILED else min(cost, cost * hash_seconds() / measured())


def _is_meant(item: pytest.Item) -> bool:
    """Returns whether the test is marked as long, or belongs to `make test` all the same."""
    return any(item.get_closest_marker(mark) for mark in ("long", "short"))


def _numbers(what: pytest.Item | pytest.TestReport) -> dict[str, float]:
    return {name: value for name, value in what.user_properties if isinstance(value, float)}


BEGUN = pytest.StashKey[float]()


@cache
def budget(part: str) -> dict[str, float]:
    """Returns the budgets by folder, in the short part of the tests or in the long one."""
    with BUDGET.open(newline="") as file:
        return {row["folder"]: float(row[part]) for row in csv.DictReader(file)}


@cache
def scale() -> float:
    """Returns how slow this machine is, compared with the one of the limits."""
    return hash_seconds() / AS_COSTLY


@cache
def hash_seconds() -> float:
    """Returns the seconds of one hash when the run began."""
    return measured()


def measured() -> float:
    """Returns the CPU seconds of one hash, the least of five, because others compete for the processor."""
    hasher, taken = PasswordHasher(), []
    for _ in range(5):
        before = time.process_time()
        hasher.hash("a password of some length")
        taken.append(time.process_time() - before)
    return min(taken)


def spent() -> float:
    """Returns the CPU seconds of this process and of all that it started, also of those that have ended."""
    return sum(_ticks(pid) for pid in _family(os.getpid())) / TICK


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _family(int(child))


def _ticks(pid: int) -> int:
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, after_the_name[11:15]))
