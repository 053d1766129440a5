"""What the law asks to be told, out of the settings: the statement for callers, the DPIA, the register."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.runtime import privacy


class Command(BaseCommand):
    help = (
        "Prints the statement for callers, the DPIA or the register of processing, as this installation is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--document", choices=privacy.DOCUMENTS, default=privacy.STATEMENT)
        parser.add_argument("--language", choices=privacy.LANGUAGES, default="nl")
        parser.add_argument(
            "--template", action="store_true", help="of no installation in particular, as in docs/"
        )

    def handle(self, *_: Any, document: str, language: str, template: bool, **__: Any) -> None:
        if document != privacy.STATEMENT and language != "nl":
            raise CommandError("The DPIA and the register are for the Dutch authority: in Dutch only.")
        if template:
            self.stdout.write(privacy.template(document, language), ending="")
            return
        self.stdout.write(privacy.document(document, language), ending="")
        if missing := privacy.not_set():
            self.stderr.write(f"Set {', '.join(missing)}, and fill in what still stands between ⟨ and ⟩.")
