"""Looks at an installation: one line a check, with what to do; status 1 when something is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.runtime import health
from helpline.lib import clock


class Command(BaseCommand):
    help = "Looks at database, Redis, keys, disk, journal, devices, clock and purge, and says what to do."
    requires_system_checks = ()  # what they would refuse, this names with all the rest

    def handle(self, *_: Any, **__: Any) -> None:
        wrong = 0
        for finding in health.examine(clock.now()):
            verdict = "ok   " if finding.is_well else "WRONG"
            advice = f" → {finding.advice}" if finding.advice else ""
            self.stdout.write(f"{verdict} {finding.about}: {finding.words}{advice}")
            wrong += not finding.is_well
        if wrong:
            raise CommandError(f"{wrong} to be looked at", returncode=1)
