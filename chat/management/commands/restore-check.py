"""Repeats the purges in the journal after a restore, so that no purged data comes back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.keys import slots
from chat.retention import clock_guard, journal, key_places, purge
from counsellors import audit_heads
from counsellors.signin import sessions
from helpline.lib import clock


class Command(BaseCommand):
    help = (
        "Replays the journal of purges on a restored database, and purges once. Until then nothing is served."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        slots.close_files()  # the restored table may lack slots that were assigned after the backup
        if not journal.is_restored():
            self.stdout.write("The database knows every purge in the journal.")
            return
        now = clock.now()
        try:
            clock_guard.require_one_time(now)
            clock_guard.trust(now)  # a person starts this, as with `purge --clock-is-right`
            sessions.end_everybodys()
            if audit_heads.first_missing(now) is not None:  # not restored by `helpline restore`
                audit_heads.note_restored(now)
            deleted = purge.replay(now)
        except (clock_guard.ClocksApart, key_places.KeysInReach, purge.FolderAway, purge.Busy) as error:
            words = " ".join((error.__doc__ or "").split())
            raise CommandError(f"{words} {error}".strip(), returncode=1) from None
        self.stdout.write(f"{deleted} conversations deleted again")
