"""Makes an encrypted copy of the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.administration import backups
from chat.lines import staff
from chat.models import Line
from helpline.lib import clock

REFUSALS = (
    backups.NoPlace,
    backups.BesideKeys,
    backups.NotPostgres,
    backups.NoProgram,
    backups.Running,
    backups.Failed,
)


class Command(BaseCommand):
    help = (
        "Copies the database, sealed for HELPLINE_BACKUP_RECIPIENT, into HELPLINE_BACKUP_FOLDER. Never keys."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            made = backups.make(clock.now())
        except REFUSALS as error:
            raise CommandError(in_words(error), returncode=1) from None
        for line in Line.objects.real():
            staff.tell_supervisors(line.pk)  # on their boards, a checklist shows whether there is a backup
        self.stdout.write(f"{made}, {made.stat().st_size / 2**20:.1f} MiB")


def in_words(error: Exception) -> str:
    return f"{' '.join((error.__doc__ or '').split())} {error}".strip()
