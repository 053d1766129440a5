"""Writes the served files and their compressed forms, for a proxy that serves them itself."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from helpline import frontend


class Command(BaseCommand):
    help = "Write the release's files with .br and .gz beside each, to be served at /app/."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        many = frontend.write_release(folder)
        self.stdout.write(f"{many} files of release {frontend.release()} in {folder / 'app'}.")
