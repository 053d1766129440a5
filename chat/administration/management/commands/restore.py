"""Restores a backup of the database, and repeats the purges that were made after the backup."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from chat.administration import backups
from chat.administration.management.commands.backup import REFUSALS, in_words
from chat.runtime import starting
from counsellors import audit_heads
from helpline.lib import clock
from helpline.lib.asking import asked


def _account() -> str:
    return starting.name_of_account(os.geteuid())


class Command(BaseCommand):
    help = (
        "Puts a backup in the database's place, on stopped processes: opens it with an age identity, "
        "brings the tables up to this release, replays the journal of purges."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="the age key that opens it")
        parser.add_argument("--yes", action="store_true", help="replace another machine's database unasked")

    def handle(self, *_: Any, file: Path, identity: Path, yes: bool, **__: Any) -> None:
        for path in (file, identity):
            if not path.is_file() or not os.access(path, os.R_OK):
                why = f"There is no file {path}, or the account {_account()} may not read it."
                raise CommandError(f"{why} See docs/backup.md, The drill.", returncode=1)
        # On the machine of a drill, the settings may still name the database that is in use.
        if (host := backups.other_machine()) and not yes:
            self.stdout.write(f"The copy replaces all that is in the database on {host} now.")
            if not asked("Is that the database that you mean?"):
                raise CommandError("Nothing was changed.", returncode=1)
        try:
            backups.bring_back(file, identity, clock.now())
        except REFUSALS as error:
            raise CommandError(in_words(error), returncode=1) from None
        try:
            call_command("migrate", verbosity=0, interactive=False)
            backups.sign_everybody_out()
            audit_heads.note_restored(clock.now())
        except BaseException:
            self.stderr.write("The database was replaced, the rest was not done: run this command again.")
            raise
        self.stdout.write(f"The database is now the copy {file.name}. Everybody signs in anew.")
        call_command("restore-check", stdout=self.stdout)
