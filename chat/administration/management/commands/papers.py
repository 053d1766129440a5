"""Writes the privacy papers of this installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.administration.papers import PAPERS, answers, rendering
from helpline.lib.printing import CannotPrint


class Command(BaseCommand):
    help = (
        "Writes the privacy papers into a folder, as Markdown, HTML and PDF: the statements for callers and "
        "staff, the DPIA, the record of processing, the plan for a data breach, the agreement with a "
        "processor, the accessibility statement, and a page for the board of the organisation."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("folder", nargs="?", type=Path, help="where to write all papers")
        what.add_argument("--show", choices=PAPERS, help="print one paper as Markdown")
        what.add_argument("--form", action="store_true", help="print the questions that you answer yourself")
        parser.add_argument("--language", help="for --show and --form; default: the first language")
        parser.add_argument("--without-pdf", action="store_true", help="write Markdown and HTML only")

    def handle(self, *_: Any, **options: Any) -> None:
        language = options["language"] or settings.LANGUAGE_CODE
        if language not in (known := rendering.in_languages()):
            raise CommandError(f"The papers exist in: {', '.join(known)}.")
        if options["form"]:
            self.stdout.write(answers.form(language), ending="")
            return
        try:
            given = answers.read(settings.PAPERS)
            if options["show"]:
                self.stdout.write(rendering.markdown(options["show"], language, given), ending="")
            else:
                self._write(options["folder"], given, pdf=not options["without_pdf"])
        except answers.NotReadable as error:
            raise CommandError(str(error)) from error
        if missing := answers.unanswered(given):
            self.stderr.write(f"Not answered in {settings.PAPERS}: {', '.join(missing)}.")

    def _write(self, folder: Path, given: dict[str, answers.Answer], *, pdf: bool) -> None:
        try:
            made = rendering.write(folder, given, pdf=pdf)
        except CannotPrint as error:
            raise CommandError("No PDF can be made here (Pango is missing?): add --without-pdf.") from error
        self.stdout.write(f"{len(made)} files in {folder}")
