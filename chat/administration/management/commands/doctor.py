"""Checks an installation: prints a line for each check, with what to do. Exits with status 1 if something is
wrong."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.administration import health, outside
from helpline.lib import clock


class Command(BaseCommand):
    help = (
        "Looks at database, Redis, keys, disk, journal, devices, clock and purge, and says what to do; "
        "with --url at what a browser and a stranger get, from any machine."
    )
    requires_system_checks = ()  # this command itself reports what they would refuse

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", help="https://…, as callers have it: looks from outside, at nothing here"
        )

    def handle(self, *_: Any, url: str | None = None, **__: Any) -> None:
        wrong, now = 0, clock.now()
        for finding in outside.look(url, now) if url else health.examine(now):
            self.stdout.write(str(finding))
            wrong += finding.is_wrong
        if wrong:
            raise CommandError(f"{wrong} to be looked at", returncode=1)
