"""Kills a purge again and again, in a process of its own that test_purge_killed.py starts. It prepares
conversations of every sort in HELPLINE_VAR (or in the empty database of DATABASE_URL), moves the clock to
their dates, and for N = 1, 2, … lets a child purge a fresh copy until SIGKILL comes before the Nth thing that
it does (a statement, a write, a flush, an unlinking). After each kill it checks, purges again, and checks
again. It prints one line of JSON for each N. In a short run N begins at 1 and continues in strides from a
random place."""

import itertools
import json
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql import base as postgresql

from chat.conversation import erasing
from chat.keys import outer, slot_files, slots
from chat.models import Conversation, Entry, Line, Member, Wrap
from chat.retention import clock_guard, journal, line_keys, purge
from tests.faults.scale import LONG, SEED
from tests.support.domain.cast import a_counsellor, a_line
from tests.support.domain.supervisors import a_supervisor, holds_it, makes_key, row_of, talked

LATE = timedelta(hours=30)
STRIDE = 1 if LONG else 5
SORTS = ("past_d", "past_its_date", "left_open", "held", "hold_over", "erased_hold_over", "not_yet")
RETENTION = {"past_its_date": timedelta(hours=24), "not_yet": timedelta(hours=48)}
GONE = {"past_d", "past_its_date", "left_open", "hold_over", "erased_hold_over"}


def main() -> None:
    settings.VAR.mkdir(parents=True)
    rows, now = prepared()
    copies = Copies()
    for number in itertools.chain([1], itertools.count(random.Random(SEED).randint(2, STRIDE + 1), STRIDE)):
        copies.renew()
        killed = purged_in_a_child(now, kill_at=number)
        at_the_stop = look(rows)
        assert not purged_in_a_child(now, kill_at=0)
        row = {"number": number, "killed": killed, "stop": at_the_stop, "rerun": look(rows)}
        print(json.dumps(row), flush=True)
        if not killed:
            return


class Copies:
    """Holds the prepared state from which each run begins: the data folder and, if there is one, the
    database."""

    def __init__(self) -> None:
        self.folder = settings.VAR.with_name("template")
        shutil.copytree(settings.VAR, self.folder)
        self.name = str(connection.settings_dict["NAME"])
        if connection.vendor == "postgresql":
            self._do(f'CREATE DATABASE "{self.name}_template" TEMPLATE "{self.name}"')

    def renew(self) -> None:
        shutil.rmtree(settings.VAR)
        shutil.copytree(self.folder, settings.VAR)
        if connection.vendor == "postgresql":
            # It is ended by force, because the server may not have noticed that the killed one is gone.
            self._do(f'DROP DATABASE "{self.name}" WITH (FORCE)')
            self._do(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_template"')

    def _do(self, statement: str) -> None:
        url = urlsplit(settings.DATABASE_URL)._replace(path="/postgres").geturl()
        with psycopg.connect(url, autocommit=True) as maintenance:
            maintenance.execute(statement.encode())


def prepared() -> tuple[dict[str, Conversation], datetime]:
    """Makes a data folder with one conversation of each sort. Returns the moment at which most of them are
    due."""
    call_command("migrate", verbosity=0, interactive=False)
    start = datetime.now(UTC).replace(microsecond=0)
    callers = {}
    with time_machine.travel(start, tick=False):
        line = a_line()
        carla = a_counsellor("Carla", line)
        floor, hanna = a_supervisor("Floor", line), a_supervisor("Hanna", line)
        makes_key(floor)
        for name in SORTS:
            Line.objects.update(retention=RETENTION.get(name, timedelta(hours=12)))
            callers[name] = talked(carla, ended=name != "left_open")
        holds_it(floor, hanna, callers["held"], start + timedelta(days=20))
        for name in ("hold_over", "erased_hold_over"):
            holds_it(floor, hanna, callers[name], start + timedelta(hours=29))
        rows = {name: row_of(caller) for name, caller in callers.items()}
        erasing.erase(callers["erased_hold_over"].seat, now=start)
    let_go()
    return rows, start + LATE


def purged_in_a_child(now: datetime, *, kill_at: int) -> bool:
    """Returns True if the child was killed before it was done."""
    child = os.fork()
    if child == 0:
        try:
            with at(now):
                purge_until(now, kill_at)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the purge failed"
    return False


def purge_until(now: datetime, kill_at: int) -> None:
    """Purges as the worker's round does, and is killed before the step with this number."""
    slots.forget()
    clock_guard.trust(now)
    done = itertools.count(1)

    def before_each_thing() -> None:
        if next(done) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        before_each_thing()
        return execute(*args)

    for owner, name in ((os, "write"), (os, "pwrite"), (os, "fsync"), (os, "ftruncate"), (Path, "unlink")):
        watch(owner, name, before_each_thing)
    with connection.execute_wrapper(statement):
        purge.end_staff_wraps(now)
        purge.purge(now, patience=30)  # the server frees a killed process's lock when it notices
        line_keys.destroy_old()
    let_go()
    os._exit(0)


def watch(owner: Any, name: str, before: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def watched(*args: Any, **options: Any) -> Any:
        before()
        return original(*args, **options)

    setattr(owner, name, watched)


def look(rows: dict[str, Conversation]) -> dict[str, Any]:
    """Returns for each conversation whether it is there completely, partly, and whether anything of it can be
    opened."""
    slots.forget()
    found: dict[str, Any] = {}
    for name, as_prepared in rows.items():
        pk = as_prepared.pk
        row = Conversation.objects.filter(pk=pk).first()
        wraps = list(Wrap.objects.filter(conversation=pk))
        review = [wrap for wrap in wraps if wrap.member.role == "review"]
        found[name] = {
            "keys": sum(slot_files.read(slot) is not None for slot in as_prepared.slots(held=False)),
            "rows": [model.objects.filter(conversation=pk).count() for model in (Entry, Member)],
            "there": row is not None,
            "wraps": len(review),
            "opens": sum(row is not None and opens(row, wrap) for wrap in review),
        }
    hashes = {journal.hash_of(row.recorded_as): name for name, row in rows.items()}
    lines = settings.JOURNAL.read_text().splitlines() if settings.JOURNAL.exists() else []
    whole = [line.split(" ") for line in lines]
    found["journal"] = [[int(row[0]), hashes[row[2]], row[5:] == ["held"]] for row in whole if len(row) >= 5]
    let_go()
    return found


def opens(row: Any, wrap: Any) -> bool:

    place = {"conversation": row.pk, "epoch": wrap.epoch, "member": wrap.member_id}
    return outer.open_wrap(bytes(wrap.sealed), **place, slot=row.review_slot) is not None


def at(now: datetime) -> Any:

    return time_machine.travel(now, tick=False)


def let_go() -> None:
    """Closes connections and files, because no connection may cross a fork and no copied file may be open."""
    connections.close_all()
    if isinstance(connections["default"], postgresql.DatabaseWrapper):
        connections["default"].close_pool()


def steps(text: str) -> Iterator[dict[str, Any]]:
    """Returns the steps that this program printed."""
    return (json.loads(line) for line in text.splitlines() if line.startswith("{"))
