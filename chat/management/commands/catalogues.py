"""Compiles the texts of the staff's pages to .mo files for Django. All other texts are read uncompiled."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand

# By default, Babel writes the current minute into each .mo file, so two builds of one wheel would differ.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = "Compiles the django.po of each language."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        for language, folder in settings.LANGUAGE_FOLDERS.items():
            source = folder / "LC_MESSAGES" / "django.po"
            if source.exists():
                _to_mo(source, language)


def _to_mo(source: Path, language: str) -> None:
    """Compiles a catalogue, and replaces its file atomically, so that a server that starts at that moment
    reads the old file or the new one."""
    compiled = BytesIO()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.creation_date = BEGINNING
    write_mo(compiled, catalogue)
    target = source.with_suffix(".mo")
    if target.exists() and target.read_bytes() == compiled.getvalue():
        return
    whole = target.with_name(f".{target.name}.{os.getpid()}")
    whole.write_bytes(compiled.getvalue())
    whole.chmod(0o644)  # whatever the umask is, because another account may run this checkout
    whole.replace(target)
