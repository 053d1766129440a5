"""Checks that the audit chain is complete, or prints its head."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counsellors import audit, audit_heads
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock
from helpline.lib.typed import as_typed_here

AT_THE_OLDEST = (
    "It is the oldest one. Was HELPLINE_SECRET_KEY changed? Then all before that day shows so, and what"
    " `helpline audit verify` said last before it counts (docs/incident.md)"
)


class Command(BaseCommand):
    help = (
        "`verify` names the first broken row, and a cut-off end by the heads kept outside the database; "
        "`head` prints the newest link, to be kept elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "head"])

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "head":
            self.stdout.write(str(AuditHead.objects.filter(pk=1).first() or "0"))
            return
        broken = audit.first_broken()
        if broken is not None:
            hint = f". {AT_THE_OLDEST}" if audit.first_is_of_another_secret() else ""
            raise CommandError(as_typed_here(f"the chain is broken at row {broken.pk}{hint}"), returncode=1)
        missing = audit_heads.first_missing(clock.now())
        if missing is not None:
            last = AuditRow.objects.order_by("pk").last()
            raise CommandError(
                f"the chain was cut off: it ends at row {last.pk if last else 0}, and the head kept at"
                f" {clock.stamp(missing.at)}, after {missing.count} rows, is not in it",
                returncode=1,
            )
        self.stdout.write("the chain is whole")
