"""Compares figures with their budgets, in a table for the terminal and in `benchmarks/results.md`."""

import os
import platform as machine
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
PACKAGES = ("django", "channels", "daphne", "channels_redis", "redis", "psycopg", "msgspec", "autobahn")
HEAD = ("figure", "unit", "tutorial", "naive", "Socket.IO", "ours", "budget", "measured", "")


@dataclass(frozen=True)
class Budget:
    """Represents a bound for what we measured: a maximum or, with `least`, a minimum."""

    words: str
    bound: float
    measured: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.bound if self.least else self.measured <= self.bound


@dataclass(frozen=True)
class Figure:
    """Represents one row. A side without such a figure has None."""

    name: str
    unit: str
    ours: float
    tutorial: float | None = None
    naive: float | None = None
    socketio: float | None = None
    budgets: tuple[Budget, ...] = ()


def at_most(times: float, reference: float, words: str, ours: float) -> Budget:
    """Returns a budget of at most `times` the reference."""
    return Budget(f"≤ {times:g} × {words}", times, ours / reference)


def at_least(times: float, reference: float, words: str, ours: float) -> Budget:
    return Budget(f"≥ {times:g} × {words}", times, ours / reference, least=True)


def within(bound: float, words: str, measured: float) -> Budget:
    """Returns a budget of at most `bound`, in the figure's own unit."""
    return Budget(words, bound, measured)


def rows(figures: Iterable[Figure]) -> list[tuple[str, ...]]:
    """Returns a row for each figure, and one more for each further budget."""
    result: list[tuple[str, ...]] = [HEAD]
    for figure in figures:
        sides = (figure.tutorial, figure.naive, figure.socketio, figure.ours)
        first = (figure.name, figure.unit, *map(_number, sides))
        for place, budget in enumerate(figure.budgets):
            start = first if place == 0 else ("",) * len(first)
            result.append(
                (*start, budget.words, f"{budget.measured:.2f}", "met" if budget.met else "**missed**")
            )
        if not figure.budgets:
            result.append((*first, "", "", ""))
    return result


def as_text(figures: Iterable[Figure]) -> str:
    table = [tuple(cell.replace("*", "") for cell in row) for row in rows(figures)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = ["  ".join(map(str.ljust, row, widths)) for row in table]
    return "\n".join(line.rstrip() for line in lines)


def as_markdown(title: str, figures: list[Figure], facts: list[str]) -> str:
    head, *body = rows(figures)
    lines = [f"# {title}", "", "Written by the run; docs/speed.md says how to read it.", ""]
    lines += [f"- {fact}" for fact in facts]
    lines += ["", _line(head), _line(("---",) * len(HEAD)), *map(_line, body), ""]
    return "\n".join(lines)


def facts(postgres: str, redis: str, shape: str, busy: float) -> list[str]:
    """Returns facts about the machine, the versions, and how busy other programs kept the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {shape}",
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {machine.system()} {machine.release()}",
        f"Python {machine.python_version()}, {postgres}, {redis}, {versions}",
        f"others on this machine used {busy:.0%} of its CPU before the run",
        "one process of ours and a worker, one of each baseline; the driver shares the cores",
    ]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return machine.processor()
    names = [line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else machine.machine()


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def percentile(values: list[float], share: float) -> float:
    """Returns the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
