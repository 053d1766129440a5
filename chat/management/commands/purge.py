"""Purges what is due; the worker does the same every minute."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat import clock_guard, purge
from helpline.lib import clock

BAR = 40


class Command(BaseCommand):
    help = "Deletes what is past its date and destroys the keys of hours that have come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--progress", action="store_true", help="show a bar")
        parser.add_argument("--clock-is-right", action="store_true", help="you looked: purge again")

    def handle(self, *_: Any, **options: Any) -> None:
        now = clock.now()
        plan = purge.plan(now)
        if options["dry_run"]:
            self.stdout.write(f"{plan.conversations} conversations and {len(plan.keys)} keys are due")
            return
        if options["clock_is_right"]:
            clock_guard.trust(now)
        show = _bar(plan.conversations) if options["progress"] else lambda _count: None
        try:
            deleted = purge.purge(now, progress=show)
        except clock_guard.ClockHalted as error:
            raise CommandError(f"{clock_guard.ClockHalted.__doc__} ({error})", returncode=1) from None
        self.stdout.write(f"{deleted} conversations deleted, {len(plan.keys)} keys destroyed")


def _bar(total: int) -> Any:
    def show(done: int) -> None:
        filled = BAR * done // max(total, 1)
        sys.stderr.write(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done}/{total}")
        sys.stderr.flush()

    return show
