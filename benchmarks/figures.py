"""Defines the budgets of docs/speed.md: what is measured, with what it is compared, and how much is
allowed."""

from statistics import median

from benchmarks.report import Budget, Figure, at_least, at_most, within
from benchmarks.talking import Side
from benchmarks.waiting import Crowd

BUDGETED_CROWD = 1000
MEMORY_CROWD = 2000
FLAT = 0.05  # the share by which the crowd's memory may grow in the watched minutes


def of_talking(sides: list[Side]) -> list[Figure]:
    """Returns delivery, full load and CPU of tutorial, naive, Socket.IO and ours, as medians of the
    rounds."""
    rows = [
        _of_all(sides, "p50", "delivery p50", "ms"),
        _of_all(sides, "p95", "delivery p95", "ms"),
        _of_all(sides, "p99", "delivery p99", "ms"),
        _of_all(sides, "rate", "closed loop", "messages/s"),
        _of_all(sides, "cpu_calm", "CPU for 1,000 messages, gentle", "s"),
        _of_all(sides, "cpu", "CPU for 1,000 messages, in full", "s"),
        _of_all(sides, "cpu_stores", "… of it PostgreSQL and Redis", "s"),
    ]
    lost = [float(sum(row.lost for row in side.rounds)) for side in sides]
    return [*rows, _figure("messages lost", "", lost, (within(0, "none", lost[-1]),))]


def _of_all(sides: list[Side], name: str, words: str, unit: str) -> Figure:
    values = [side.median_of(name) for side in sides]
    tutorial, naive, socketio, ours = values
    budgets: dict[str, tuple[Budget, ...]] = {
        "p50": (at_most(0.75, tutorial, "tutorial", ours),),
        "p99": (at_most(0.7, tutorial, "tutorial", ours), at_most(1, socketio, "Socket.IO", ours)),
        "rate": (at_least(7, naive, "naive", ours),),
        "cpu_calm": (at_most(0.85, tutorial, "tutorial", ours),),
    }
    return _figure(words, unit, values, budgets.get(name, ()))


def _figure(words: str, unit: str, values: list[float], budgets: tuple[Budget, ...]) -> Figure:
    tutorial, naive, socketio, ours = values
    return Figure(words, unit, ours, tutorial, naive, socketio, budgets)


def of_starting(one: float, two: float, naive: float) -> list[Figure]:
    """Returns how many callers one process and two let in per second, beside the messages that naive delivers
    per second."""
    return [
        Figure(
            "`start`s a second, one process", "starts/s", one, naive=naive,
            budgets=(at_least(0.25, naive, "naive's messages", one),),
        ),
        Figure("… two processes", "starts/s", two, budgets=(at_least(1.4, one, "one process", two),)),
    ]  # fmt: skip


def of_moments(words: float, p50: float, begins: dict[str, list[float]]) -> list[Figure]:
    ours, tutorial = median(begins["ours"]), median(begins["tutorial"])
    return [
        Figure("`next` to first word", "ms", words, budgets=(at_most(10, p50, "delivery p50", words),)),
        Figure(
            "start to first socket", "s", ours, tutorial,
            budgets=(within(tutorial + 1.5, "≤ tutorial + 1.5 s", ours),),
        ),
    ]  # fmt: skip


def of_rest(rest: dict[str, float]) -> list[Figure]:
    """Returns the CPU used while nobody is there, in % of a core."""
    bounds = {"web process": 0.3, "worker": 0.3, "PostgreSQL": 0.2}
    return [
        Figure(f"{name} with nobody there", "% of a core", used, budgets=(within(most, f"≤ {most}%", used),))
        for name, most in bounds.items()
        for used in (rest[name],)
    ]


def of_waiting(
    ours: Crowd,
    theirs: Crowd,
    beside: tuple[float, float],
    grown: float,
    back: tuple[tuple[float, int], float],
    minutes: float,
) -> list[Figure]:
    """Returns the crowd's figures. `beside`: a conversation's p50 in ms, alone and beside the crowd; `grown`:
    the share by which memory grew; `back`: the seconds of a mass return and the refusals, then the tutorial's
    seconds."""
    largest = max(ours.shown)
    return [
        *(_memory(ours, theirs, size) for size in ours.kib if size in theirs.kib and size >= BUDGETED_CROWD),
        *(
            Figure(f"… and PostgreSQL's at {size:,}", "KiB", ours.kib_stored[size])
            for size in ours.kib_stored
            if size in (BUDGETED_CROWD, MEMORY_CROWD)
        ),
        *_resting(ours),
        *(_change(ours, theirs, size) for size in ours.change),
        Figure(
            f"change shown to all of {largest:,}", "s", ours.shown[largest], theirs.shown[largest],
            budgets=(within(2, "≤ 2 s", ours.shown[largest]),),
        ),
        Figure(
            f"p50 beside {largest:,} waiting", "ms", beside[1],
            budgets=(at_most(3, beside[0], f"quiet p50 ({beside[0]:.2f} ms)", beside[1]),),
        ),
        Figure(
            f"memory that came in {minutes:g} min", "%", grown * 100,
            budgets=(within(FLAT * 100, f"≤ {FLAT:.0%}", grown * 100),),
        ),
        Figure(
            "500 come back at once", "s", back[0][0], back[1],
            budgets=(within(10, "≤ 10 s", back[0][0]),),
        ),
        Figure("… refused at first", "", float(back[0][1])),
    ]  # fmt: skip


def _resting(ours: Crowd) -> list[Figure]:
    return [
        Figure("CPU of 2,000 who wait", "% of a core", rest, budgets=(within(3, "≤ 3%", rest),))
        for size, rest in ours.rest.items()
        if size == MEMORY_CROWD
    ]


def _memory(ours: Crowd, theirs: Crowd, size: int) -> Figure:
    mine, other = ours.kib[size], theirs.kib[size]
    budgets = (at_most(0.8, other, "tutorial", mine),) if size == MEMORY_CROWD else ()
    return Figure(f"idle socket at {size:,}", "KiB", mine, other, budgets=budgets)


def _change(ours: Crowd, theirs: Crowd, size: int) -> Figure:
    mine, other = ours.change[size], theirs.change[size]
    budgets = (at_most(0.15, other, "group_send", mine),) if size == BUDGETED_CROWD else ()
    return Figure(f"queue change, {size:,} waiting", "CPU ms", mine, other, budgets=budgets)
