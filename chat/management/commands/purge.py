"""Purges the data and keys that are due, as the worker does every minute."""

import os
import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.retention import clock_guard, hosts, key_places, purge
from chat.runtime import starting
from helpline.lib import clock
from helpline.lib.asking import asked
from helpline.lib.typed import as_typed_here

BAR = 40
KINDNESS = 10
REFUSALS = (
    clock_guard.ClockHalted,
    key_places.KeysInReach,
    purge.FolderAway,
    purge.NotChecked,
    purge.Busy,
)


class Command(BaseCommand):
    help = "Deletes what is past its date and destroys the keys of hours that have come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--progress", action="store_true", help="show a bar")
        parser.add_argument("--clock-is-right", action="store_true", help="you looked: purge again")
        parser.add_argument("--keys-are-lost", action="store_true", help="delete what no key opens any more")
        parser.add_argument("--yes", action="store_true", help="with --keys-are-lost: it was looked at")

    def run_from_argv(self, argv: list[str]) -> None:
        """Lowers the priority of this process, so that the processes that serve conversations run first."""
        os.setpriority(os.PRIO_PROCESS, 0, KINDNESS)
        super().run_from_argv(argv)

    def handle(self, *_: Any, **options: Any) -> None:
        now = clock.now()
        plan = purge.plan(now)
        if options["keys_are_lost"]:
            self._give_up(now, options)
        if options["dry_run"]:
            keys = f"the keys of {len(plan.hours)} hours"
            self.stdout.write(f"{plan.conversations} conversations and {keys} are due")
            return
        if options["clock_is_right"]:
            self._believe(now)
        show = _bar(plan.conversations) if options["progress"] else lambda _count: None
        try:
            deleted = purge.purge(now, progress=show, patience=purge.PATIENCE_SECONDS)
        except REFUSALS as error:
            raise CommandError(_in_words(error), returncode=1) from None
        if options["progress"]:
            sys.stderr.write("\n")
        self.stdout.write(f"{deleted} conversations deleted, keys of {len(plan.hours)} hours destroyed")

    def _give_up(self, now: datetime, options: dict[str, Any]) -> None:
        for folder in settings.KEY_FOLDERS:
            if why := starting.why_unwritable(folder):
                raise CommandError(f"{folder} {why}: what it has is not lost. Nothing was given up.")
        if others := hosts.apart(now):
            raise CommandError(
                f"A process runs on {', '.join(others)} with its keys in another folder: what this host has "
                "not is not lost. Nothing was given up."
            )
        found = hosts.under_lost_keys(now)
        going_on = sum(row.is_open for row in found)
        self.stdout.write(
            f"{len(found)} conversations lie under keys that are in no folder, and nobody can read them "
            f"again; in {going_on} of them somebody talks, and goes on under a new key"
        )
        if options["dry_run"]:
            return
        if not options["yes"] and not asked("Is every copy of these keys lost for good?"):
            raise CommandError("Nothing was given up.")
        hosts.give_up_lost_keys(now)
        self.stdout.write(f"{len(found)} conversations given up")

    def _believe(self, now: datetime) -> None:
        """Shows both clocks, and makes the purge trust this host's clock again. Raises CommandError if the
        clocks differ, because a purge with a wrong clock cannot be undone."""
        theirs = clock_guard.database_clock()
        self.stdout.write(f"this host's clock:    {clock.stamp(now)}")
        self.stdout.write(f"the database's clock: {clock.stamp(theirs) if theirs else 'the same one'}")
        try:
            clock_guard.require_one_time(now)
        except clock_guard.ClocksApart as error:
            raise CommandError(_in_words(error), returncode=1) from None
        clock_guard.trust(now)


def _in_words(error: Exception) -> str:
    why = f" ({error})" if str(error) else ""
    return as_typed_here(f"{' '.join((error.__doc__ or '').split())}{why}")


def _bar(total: int) -> purge.Progress:
    """Returns a function that draws a progress bar with the number of deletions and their rate."""
    begun = time.monotonic()

    def show(done: int) -> None:
        filled = BAR * done // max(total, 1)
        rate = done / max(time.monotonic() - begun, 0.001)
        sys.stderr.write(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done}/{total}, {rate:.0f} a second ")
        sys.stderr.flush()

    return show
