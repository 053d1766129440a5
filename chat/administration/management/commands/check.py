"""Checks an installation: prints one line for each check, with what to do if it fails. With an app label or
one of Django's options, it runs Django's own `check`, which this command extends."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import check

from chat.administration import health, outside
from helpline.lib import clock
from helpline.lib.errors import FOR_A_PERSON

DJANGO_S = ("tags", "list_tags", "deploy", "databases")
TO_LOOK_AT = 1


class Command(check.Command):
    help = (
        "Says, a line each, what is right and what is not, and what to do about it. It runs before a start "
        "and while all runs. Status 0: nothing has to be done; 1: look at it; 2: no process starts before "
        "it is mended. With --url it looks at what a browser and a stranger get, from any machine. "
        "--verbosity=0 leaves out what is well. With an option of Django's, or an app, it is Django's own "
        "check."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--url", help="https://…, as callers have it: looks from outside, at nothing here"
        )

    def handle(self, *app_labels: Any, **options: Any) -> None:
        if app_labels or any(options[name] for name in DJANGO_S):
            super().handle(*app_labels, **options)
            return
        stopping, wrong, now = 0, 0, clock.now()
        for finding in outside.look(options["url"], now) if options["url"] else health.examine(now):
            if options["verbosity"] or not finding.is_well:
                self.stdout.write(str(finding))
            stopping += finding.is_wrong and finding.stops
            wrong += finding.is_wrong and not finding.stops
        self.stdout.flush()  # otherwise, in a pipe, the total (on stderr) would come before these lines
        if stopping:
            also = f"; {wrong} more to be looked at" if wrong else ""
            raise CommandError(f"{stopping} to be mended before a start{also}", returncode=FOR_A_PERSON)
        if wrong:
            raise CommandError(f"{wrong} to be looked at", returncode=TO_LOOK_AT)
