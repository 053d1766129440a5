"""Measures everything side by side, prints a table and writes `benchmarks/results.md`.

`python -m benchmarks` measures all. `--quick` takes about two minutes and writes nothing. `--waiting`
measures only 5,000 waiting sockets, for `--minutes`; `--purge` only a purge of `--conversations`; `--signin`
only 200 sign-ins at once, beside people who talk. All load stays on loopback and is bounded.
"""

import argparse
import asyncio
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

from benchmarks import figures, moments, purging, resting, signing_in, starting, talking, waiting
from benchmarks.report import RESULTS, Budget, Figure, as_markdown, as_text
from benchmarks.servers import Baseline, Stores, many_files

PAIRS = 50
BACK_AT_ONCE = 500
SPARE_FILES = 5000  # for the tutorial's rooms, the stores and modules


@dataclass(frozen=True)
class Size:
    """Says how much is measured: rounds, the seconds of each at a gentle rate and at full load, crowd sizes,
    and repetitions."""

    rounds: int
    calm: float
    full: float
    crowds: list[int]
    times: int
    words: str


FULL = Size(rounds=5, calm=8, full=4, crowds=[100, 1000, 2000, 5000], times=6, words="full run")
QUICK = Size(rounds=2, calm=4, full=3, crowds=[100, 1000], times=3, words="quick run")


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


async def talking_figures(stores: Stores, size: Size) -> list[Figure]:
    """Measures delivery, full load and CPU of the four servers."""
    with ExitStack() as ends:
        platform = stores.helpline(counsellors=PAIRS // 2)
        ends.callback(platform.close)
        say("Signing in the counsellors …")
        four, closing = await talking.sides(stores, platform, PAIRS)
        for close in closing:
            ends.callback(close)
        say(f"{PAIRS} pairs talk:")
        await talking.rounds(stores, four, size.rounds, calm=size.calm, full=size.full, say=say)
    return figures.of_talking(four)


async def starting_figures(stores: Stores, size: Size, *, naive: float) -> list[Figure]:
    """Measures how many callers are let in per second; `naive` is how many messages that baseline delivers
    per second."""
    say(f"{starting.CALLERS} callers come in at once:")
    one, two = await starting.rates(stores, size.rounds, say)
    return figures.of_starting(one, two, naive)


async def moment_figures(stores: Stores, size: Size, p50: float) -> list[Figure]:
    with ExitStack() as ends:
        platform = stores.helpline(counsellors=1)
        ends.callback(platform.close)
        held = await talking.consoles(platform, 2, 4)
        console = next(console for console, line in held.items() if line == waiting.OTHER_LINE)
        words = await moments.first_words(platform, console, 10 * size.times)
        baseline = Baseline("tutorial", database_url="", redis_url=stores.redis.url)
        begins: dict[str, list[float]] = {"tutorial": [], "ours": []}
        for _ in range(3):
            begins["tutorial"].append(await moments.tutorial_begins(baseline))
            await asyncio.to_thread(baseline.close)
            begins["ours"].append(await moments.ours_begins(platform))
    return figures.of_moments(words, p50, begins)


async def rest_figures(stores: Stores) -> list[Figure]:
    say("Nobody is there:")
    with closing(stores.helpline(counsellors=1)) as platform:
        return figures.of_rest(await resting.rest(stores, platform))


async def waiting_figures(stores: Stores, size: Size, minutes: float) -> list[Figure]:
    """Measures memory, queue changes, a mass return, and a conversation beside the crowd."""
    with ExitStack() as ends:
        platform = stores.helpline(counsellors=1)
        ends.callback(platform.close)
        held = await talking.consoles(platform, 2, 4)
        console = next(console for console, line in held.items() if line == waiting.OTHER_LINE)
        pair = await waiting.talk_beside(console, platform)
        quiet = await waiting.talk(pair)
        say("Callers come to wait:")
        ours, theirs, waiters = await waiting.crowds(stores, platform, size.crowds, times=size.times, say=say)
        beside = await waiting.talk(pair, waiters.one_leaves)
        grown = await waiting.memory_growth(platform, waiters, minutes, say)
        back = await waiting.come_back(waiters.callers[:BACK_AT_ONCE])
        baseline = stores.baseline("tutorial")
        ends.callback(baseline.close)
        back_theirs = await waiting.rooms_come_back(baseline.url, BACK_AT_ONCE)
    return figures.of_waiting(ours, theirs, (quiet, beside), grown, (back, back_theirs), minutes)


async def purge(conversations: int) -> list[Budget]:
    with Stores() as stores:
        shape = f"{conversations:,} ended conversations, {purging.PAIRS} pairs"
        known = stores.facts(shape)
        known[-1] = "one web process, a worker and the command; the driver shares the cores"
        purged = await purging.measure(stores, conversations, say)
    text = purging.as_markdown(purged, known)
    if conversations >= purging.CONVERSATIONS:
        purging.RESULTS.write_text(text)
        say(f"Written to {purging.RESULTS}.")
    say("\n" + text)
    return purged.budgets


async def sign_in() -> list[Budget]:
    with Stores() as stores:
        shape = f"{signing_in.MANY} sign-ins at once, {signing_in.PAIRS} pairs"
        known = stores.facts(shape)
        known[-1] = "one web process and a worker; the pairs' driver and the crowd share the cores"
        with closing(stores.helpline(counsellors=signing_in.PAIRS // 2)) as platform:
            measured = await signing_in.measure(
                platform, pairs=signing_in.PAIRS, many=signing_in.MANY, say=say
            )
    text = signing_in.as_markdown(measured, known)
    signing_in.RESULTS.write_text(text)
    say(f"Written to {signing_in.RESULTS}.\n\n{text}")
    return measured.budgets


async def run(size: Size, minutes: float, *, only_waiting: bool) -> list[Figure]:
    begun = time.monotonic()
    with Stores() as stores:
        shape = f"{size.words}, {PAIRS} pairs, {size.rounds} rounds a side"
        known = stores.facts(shape)
        result: list[Figure] = []
        if not only_waiting:
            result += await rest_figures(stores)
            talked = await talking_figures(stores, size)
            result += talked
            result += await starting_figures(stores, size, naive=talked[3].naive or 0)
            result += await moment_figures(stores, size, talked[0].ours)
        result += await waiting_figures(stores, size, minutes)
    known.append(f"the run took {(time.monotonic() - begun) / 60:.1f} minutes")
    say(f"\n{known[-1].capitalize()}.")
    if size is FULL and not only_waiting:
        RESULTS.write_text(as_markdown("Results of `make bench`", result, known))
        say(f"Written to {RESULTS}.")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about two minutes, writes nothing")
    parser.add_argument("--waiting", action="store_true", help="only the waiting sockets")
    parser.add_argument("--purge", action="store_true", help="only the purge; writes results-purge.md")
    parser.add_argument("--signin", action="store_true", help="only sign-ins; writes results-signin.md")
    parser.add_argument("--conversations", type=int, default=purging.CONVERSATIONS, help="that it purges")
    parser.add_argument("--crowd", type=int, help="how many wait at most, with --waiting: up to 10,000")
    parser.add_argument("--minutes", type=float, help="how long memory is watched at the largest crowd")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a budget is missed")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    if options.waiting and options.crowd:
        size = replace(size, crowds=[*(many for many in size.crowds if many < options.crowd), options.crowd])
    if many_files() < max(size.crowds) + SPARE_FILES:
        say("The limit of open files is too low for so many sockets: see `ulimit -Hn`.")
        return 2
    minutes = options.minutes if options.minutes is not None else (10 if options.waiting else 0.5)
    if options.purge:
        budgets = asyncio.run(purge(options.conversations))
    elif options.signin:
        budgets = asyncio.run(sign_in())
    else:
        result = asyncio.run(run(size, minutes, only_waiting=options.waiting))
        say("\n" + as_text(result))
        budgets = [budget for figure in result for budget in figure.budgets]
    missed = [budget for budget in budgets if not budget.met]
    say(f"\n{len(missed)} missed.")
    return 1 if missed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
