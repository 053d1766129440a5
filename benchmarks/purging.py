"""Measures the purge of a hundred thousand ended conversations while people talk.

Run it with `python -m benchmarks --purge`. One conversation is played and copied in the database: half of the
copies are past their rows' date, each with a slot to be zeroed; half are past D, with files of slots to be
destroyed. Then `manage.py purge --progress` runs while pairs talk.
"""

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.cloning import FIRST_FILE, SLOTS, clone
from benchmarks.pairs import Pair, gentle, helpline_pairs
from benchmarks.people import Caller, Console
from benchmarks.person import new_id
from benchmarks.report import Budget, percentile
from benchmarks.servers import Stores
from benchmarks.talking import consoles
from tests.support.platform import ROOT, Platform

RESULTS = Path(__file__).parent / "results-purge.md"
CONVERSATIONS = 100_000
PAIRS = 20
ROUNDS, ROUND_SECONDS = 5, 2  # in each stretch
MESSAGES = 26  # 30 entries with those about seats, grants and the end
SHARES = (0.50, 0.95, 0.99)
HOURS = 24  # purge hours whose slot files are to be destroyed
AHEAD = 12  # hours until D of the copies that are past their rows' date
FILE_NAME, KEY_BYTES = "%Y%m%dT%H%M%SZ.{}.slots", 32
LOCK = 0x70757267  # of chat/retention/purge.py: while this program holds it, the worker purges nothing


@dataclass
class Talking:
    """Holds the pairs' delivery times in ms over one stretch, and how many messages were lost."""

    latencies: list[float] = field(default_factory=list)
    lost: int = 0

    def __add__(self, other: "Talking") -> "Talking":
        return Talking(self.latencies + other.latencies, self.lost + other.lost)

    def of(self, share: float) -> float:
        return percentile(self.latencies, share)


@dataclass
class Purged:
    """Holds what was purged, in how long, what was left, and the deliveries with and without the purge beside
    them."""

    conversations: int = 0
    entries: int = 0
    seconds: float = 0.0
    beside: Talking = field(default_factory=Talking)
    during: Talking = field(default_factory=Talking)
    left: int = -1
    keys: int = -1
    lines: int = 0

    @property
    def budgets(self) -> list[Budget]:
        return [
            Budget("p95 ≤ 2 × beside nothing", 2, self.during.of(0.95) / self.beside.of(0.95)),
            Budget("no message lost", 0, self.beside.lost + self.during.lost),
            Budget("no conversation left", 0, self.left),
            Budget("no key left", 0, self.keys),
            Budget("a line of the journal each", self.conversations, self.lines, least=True),
        ]


def as_markdown(purged: Purged, known: list[str]) -> str:
    """Returns the text of `benchmarks/results-purge.md`."""
    size = f"{purged.conversations:,} conversations with {purged.entries:,} entries and a slot each"
    rates = (purged.conversations / purged.seconds, purged.entries / purged.seconds)
    rate = "{:,.0f} conversations, {:,.0f} entries a second".format(*rates)
    kept = [f"| {one.words} | {one.measured:,.2f} | {_verdict(one)} |" for one in purged.budgets]
    stretches = (("beside nothing", purged.beside), ("while it purges", purged.during))
    return "\n".join(
        [
            "# Results of `make bench ARGS=--purge`", "",
            "Written by the run; docs/speed.md says how to read it.", "",
            *(f"- {fact}" for fact in known), "",
            f"**{size} are gone in {purged.seconds:.0f} s: {rate}.**", "",
            f"Delivery of {PAIRS} pairs, a message a second each:", "",
            "| | p50 ms | p95 ms | p99 ms | longest ms | messages |", "|---|---|---|---|---|---|",
            *(_row(name, talking) for name, talking in stretches), "",
            "| budget | measured | |", "|---|---|---|", *kept, "",
        ]
    )  # fmt: skip


def _row(name: str, talking: Talking) -> str:
    times = " | ".join(f"{value:.2f}" for value in (*map(talking.of, SHARES), max(talking.latencies)))
    return f"| {name} | {times} | {len(talking.latencies):,} |"


def _verdict(budget: Budget) -> str:
    return "met" if budget.met else "**missed**"


async def measure(stores: Stores, conversations: int, say: Callable[[str], None]) -> Purged:
    with ExitStack() as ends:
        platform = stores.helpline(counsellors=PAIRS // 2 + 1)
        ends.callback(platform.close)
        held = await consoles(platform, PAIRS + 2, 1)
        spare = next(iter(held))
        sample = await talk_that_was(platform, spare, held.pop(spare))
        held.popitem()
        pairs, _ = await helpline_pairs(platform.url, held)
        with psycopg.connect(platform.stores["DATABASE_URL"], autocommit=True) as database:
            database.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
            entries = await asyncio.to_thread(_fill, database, platform, sample, hour, conversations, say)
            database.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            say(f"{PAIRS} pairs talk while it purges, and beside nothing:")
            purged = await _purge_beside(platform, pairs)
            for talking in (purged.during, purged.beside):
                say(f"  {_sentence(talking)}")
            left = database.execute(
                "SELECT count(*) FROM chat_conversation WHERE ended_at IS NOT NULL AND id <> %s", [sample]
            ).fetchone()
        purged.conversations, purged.entries = conversations, entries
        purged.left = left[0] if left else -1
        purged.keys = _passed_files(platform) + _slots_left(platform, hour, conversations)
        purged.lines = len((platform.var / "purged.log").read_text().splitlines())
    return purged


async def talk_that_was(platform: Platform, console: Console, line: str) -> str:
    """Plays a whole conversation, from the queue to the end."""
    caller = Caller(platform.url, line)
    await caller.start()
    conversation = await console.take(line)
    for _ in range(MESSAGES):
        await caller.request_post(new_id())
    await console.close(conversation)
    await caller.goodbye()
    return conversation


def _fill(
    database: psycopg.Connection,
    platform: Platform,
    sample: str,
    hour: datetime,
    conversations: int,
    say: Callable[[str], None],
) -> int:
    """Makes the copies and the files of their slots. Returns the number of entries."""
    say(f"{conversations:,} conversations are made:")
    made = clone(database, sample, hour, conversations, HOURS, AHEAD, say)
    for back in range(HOURS):
        _make_files(database, platform, hour - timedelta(hours=back), conversations // 2 // HOURS + 1)
    _make_files(database, platform, hour + timedelta(hours=AHEAD), conversations // 2 + 1)
    for statement in ("VACUUM ANALYZE", "CHECKPOINT"):  # so that the cost of making them is not measured
        database.execute(statement)
    return made["chat_entry"]


def _make_files(database: psycopg.Connection, platform: Platform, hour: datetime, slots: int) -> None:
    for number in range(FIRST_FILE, FIRST_FILE + -(-slots // SLOTS)):
        path = platform.var / "keys" / f"{hour:{FILE_NAME.format(number)}}"
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(SLOTS * KEY_BYTES))
        database.execute(
            "INSERT INTO chat_slotfile (hour, file, given, folders) VALUES (%s, %s, %s, 1)",
            [hour, number, SLOTS],
        )


async def _talking(pairs: list[Pair], until: asyncio.Task[int] | None = None) -> Talking:
    """Lets each pair send a message a second for one stretch. Begins no new round once `until` is done."""
    result = Talking()
    for _ in range(ROUNDS):
        if until is None or not until.done():
            latencies, lost = await gentle(pairs, ROUND_SECONDS)
            result += Talking([latency * 1000 for latency in latencies], lost)
    return result


async def _purge_beside(platform: Platform, pairs: list[Pair]) -> Purged:
    """Runs the command with its progress bar, and suspends it (SIGSTOP) in every second stretch. So
    deliveries with and without it are measured in the same minutes, under the same other load. `seconds`
    counts only the time in which it ran."""
    environment = os.environ | platform.stores | {"HELPLINE_VAR": str(platform.var)}
    purge = await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", "purge", "--progress", cwd=ROOT, env=environment
    )
    ended = asyncio.create_task(purge.wait())
    purged = Purged()
    while not ended.done():
        begun = time.monotonic()
        purged.during += await _talking(pairs, ended)
        purged.seconds += time.monotonic() - begun
        with suppress(ProcessLookupError):
            purge.send_signal(signal.SIGSTOP)
        purged.beside += await _talking(pairs)
        with suppress(ProcessLookupError):
            purge.send_signal(signal.SIGCONT)
    if await ended:
        raise RuntimeError("the purge failed")
    return purged


def _passed_files(platform: Platform) -> int:
    now = f"{datetime.now(UTC):{FILE_NAME.format(0)}}"
    return sum(path.name <= now for path in (platform.var / "keys").glob("*.slots"))


def _slots_left(platform: Platform, hour: datetime, conversations: int) -> int:
    """Returns how many keys are left in the hour ahead, of copies (those with an odd number) that were
    purged."""
    name = f"{hour + timedelta(hours=AHEAD):{FILE_NAME.format('[1-9]??')}}"
    content = b"".join(path.read_bytes() for path in sorted((platform.var / "keys").glob(name)))
    places = range(0, (conversations + 1) // 2 * KEY_BYTES, KEY_BYTES)
    return sum(content[at : at + KEY_BYTES] != bytes(KEY_BYTES) for at in places)


def _sentence(talking: Talking) -> str:
    shares = ", ".join(f"p{share * 100:.0f} {talking.of(share):.2f} ms" for share in SHARES)
    return f"{shares}, longest {max(talking.latencies):.0f} ms, {talking.lost} lost"
