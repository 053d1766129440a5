"""The privacy statement for callers, out of the settings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from chat.runtime import privacy


class Command(BaseCommand):
    help = (
        "Prints the privacy statement for callers as this installation is: lines, dates, backups. Markdown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=privacy.LANGUAGES, default="nl")

    def handle(self, *_: Any, language: str, **__: Any) -> None:
        self.stdout.write(privacy.statement(language))
