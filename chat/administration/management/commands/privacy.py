"""Prints the legal documents, filled in from the settings: the statement for callers, the DPIA, the
register."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.administration import privacy
from helpline import languages


class Command(BaseCommand):
    help = (
        "Prints the statement for callers, the DPIA or the register of processing, as this installation is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--document", choices=privacy.DOCUMENTS, default=privacy.STATEMENT)
        parser.add_argument("--language", choices=languages.codes(), default=languages.codes()[0])
        parser.add_argument(
            "--template", action="store_true", help="of no installation in particular, as in docs/"
        )

    def handle(self, *_: Any, document: str, language: str, template: bool, **__: Any) -> None:
        known = privacy.languages_of(document)
        if language not in known:
            raise CommandError(f"This document is there in: {', '.join(known)}.")
        if template:
            self.stdout.write(privacy.template(document, language), ending="")
            return
        self.stdout.write(privacy.document(document, language), ending="")
        if missing := privacy.not_set():
            self.stderr.write(f"Set {', '.join(missing)}, and fill in what still stands between ⟨ and ⟩.")
