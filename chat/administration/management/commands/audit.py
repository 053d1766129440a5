"""Checks that the audit chain is complete, prints its latest hash (the head), or makes a new key for the next
rows of the chain."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counsellors import audit, audit_heads
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock

COPY_IT = (
    "The chain goes on under a new key. Copy the new .audit file in HELPLINE_KEYS to where the copies of the"
    " others are, and keep those: what was recorded before is checked with them."
)


class Command(BaseCommand):
    help = (
        "Checks whether somebody changed the audit. "
        "`verify` names the first broken row, and a cut-off end by the heads kept outside the database; "
        "`head` prints the newest link, to be kept elsewhere; `key` makes another key for what follows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "head", "key"])

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "head":
            self.stdout.write(str(AuditHead.objects.filter(pk=1).first() or "0"))
            return
        if options["what"] == "key":
            audit.begin_key()
            self.stdout.write(COPY_IT)
            return
        broken, unchecked = audit.check()
        if broken is not None:
            gone = ", and keys of it are not in HELPLINE_KEYS (docs/secrets.md)" if audit.keys_gone() else ""
            raise CommandError(f"the chain is broken at row {broken.pk}{gone}", returncode=1)
        missing = audit_heads.first_missing(clock.now())
        if missing is not None:
            last = AuditRow.objects.order_by("pk").last()
            raise CommandError(
                f"the chain was cut off: it ends at row {last.pk if last else 0}, and the head kept at"
                f" {clock.stamp(missing.at)}, after {missing.count} rows, is not in it",
                returncode=1,
            )
        self.stdout.write("the chain is whole" + (_unchecked(unchecked) if unchecked else ""))


def _unchecked(row: AuditRow) -> str:
    return (
        f" after row {row.pk}; that row, and others before it, are under a key whose .audit file is not in"
        " HELPLINE_KEYS, so they could not be checked"
    )
