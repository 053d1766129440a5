"""The audit chain: is it whole, and what is its head."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counsellors import audit
from counsellors.models import AuditHead


class Command(BaseCommand):
    help = "`verify` names the first broken row; `head` prints the newest link, to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "head"])

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "head":
            self.stdout.write(str(AuditHead.objects.filter(pk=1).first() or "0"))
            return
        broken = audit.first_broken()
        if broken is not None:
            raise CommandError(f"the chain is broken at row {broken.pk}", returncode=1)
        self.stdout.write("the chain is whole")
