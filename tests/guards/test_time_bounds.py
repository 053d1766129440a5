"""No test fails because the machine was busy for a second: an upper bound on time is at least two seconds.
Ratios are measured side by side, and absolute times in benchmarks/."""

import ast
from collections.abc import Iterator

from tests.support.platform import ROOT

LEAST = 2.0  # seconds
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}
SPANS = {"took", "elapsed", "spent", "seconds"}
WAITS = {"timeout": 0, "wait_for": 1, "becomes": 1, "until": 1}  # which argument is the bound


def test_an_upper_bound_on_time_is_at_least_two_seconds() -> None:
    paths = sorted((ROOT / "tests").rglob("*.py"))
    assert len(paths) > 300
    assert [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in tight(path.read_text())] == []


def test_a_tight_bound_would_be_found() -> None:
    found = """
SOON = 0.4
async def test_one() -> None:
    async with asyncio.timeout(SOON):
        await caller.becomes(ready, 1)
    assert time.monotonic() - begun < 1.5
    assert took <= SOON
    assert took < 3 * before
    async with asyncio.timeout(2.0):
        pass
"""
    assert list(tight(found)) == [4, 5, 6, 7]


def tight(source: str) -> Iterator[int]:
    """Returns the lines with a constant under two seconds as an upper bound."""
    tree = ast.parse(source)
    known = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def is_short(node: ast.expr) -> bool:
        value = known.get(node.id) if isinstance(node, ast.Name) else getattr(node, "value", None)
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LEAST

    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = WAITS.get(name)
            if place is not None and len(node.args) > place and is_short(node.args[place]):
                lines.add(node.lineno)
        elif isinstance(node, ast.Compare):
            pairs = zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
            below = [
                right for left, sign, right in pairs if isinstance(sign, ast.Lt | ast.LtE) and _is_span(left)
            ]
            lines |= {node.lineno for right in below if is_short(right)}
    yield from sorted(lines)


def _is_span(node: ast.expr) -> bool:
    """Returns whether it is elapsed time: a difference of clocks, or a name for one."""
    return any(
        (isinstance(one, ast.Attribute) and one.attr in CLOCKS)
        or (isinstance(one, ast.Name) and one.id in SPANS)
        for one in ast.walk(node)
    )
