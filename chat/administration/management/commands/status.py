"""Shows what an installation does at this moment, on one screen."""

from argparse import ArgumentParser
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from chat.administration import status, status_words
from helpline.lib import clock


class Command(BaseCommand):
    help = (
        "Shows on one screen what happens now: which lines are open, how many wait and talk, how many are on "
        "duty, which processes run, the last backup and purge, and alerts on their way: sums, and no person. "
        "Status 1 if the database or a folder does not answer, or a process is missing. `check` says what is "
        "wrong."
    )
    requires_system_checks = ()  # so that it also runs where the server would refuse to start

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a machine; null is what is not known")

    def handle(self, *_: Any, **options: Any) -> None:
        found = status.read(clock.now())
        if options["json"]:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode())
        else:
            self.stdout.write(status_words.screen(found))
        if found.database_trouble:
            raise CommandError("the database does not answer", returncode=1)
        if not found.folders_answer:
            raise CommandError("a folder does not answer", returncode=1)
        if found.missing:
            raise CommandError("not every process runs", returncode=1)
