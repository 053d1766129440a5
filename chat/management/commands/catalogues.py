"""Compiles the catalogues: django.po for pages, the others to JSON for the browser."""

import json
import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpline.lib.typed import as_typed_here

IN_BROWSER = ("caller", "console", "board")
BEGINNING = datetime(
    1970, 1, 1, tzinfo=UTC
)  # Babel writes the minute otherwise: no two wheels would be the same


class Command(BaseCommand):
    help = "Compiles helpline/locale; --check only says what is stale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        folder = settings.LOCALE_PATHS[0]
        for language, _name in settings.LANGUAGES:
            messages = folder / language / "LC_MESSAGES"
            if not options["check"]:
                _to_mo(messages / "django.po", language)
            for domain in IN_BROWSER:
                if (messages / f"{domain}.po").exists():
                    _to_json(messages / f"{domain}.po", language, domain, check=options["check"])


def _to_mo(source: Path, language: str) -> None:
    compiled = BytesIO()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.creation_date = BEGINNING
    write_mo(compiled, catalogue)
    _replace(source.with_suffix(".mo"), compiled.getvalue())


def _to_json(source: Path, language: str, domain: str, *, check: bool) -> None:
    with source.open("rb") as file:
        texts = {str(row.id): str(row.string) for row in read_po(file, locale=language) if row.id}
    target = settings.FRONTEND / "i18n" / f"{domain}.{language}.json"
    wanted = json.dumps(texts, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if target.exists() and target.read_text() == wanted:
        return
    if check:
        raise CommandError(as_typed_here(f"{target.name} is stale: run `helpline catalogues` and commit it"))
    _replace(target, wanted.encode())


def _replace(target: Path, wanted: bytes) -> None:
    """Replaces the file atomically: a server that starts meanwhile reads the old file or the new one."""
    if target.exists() and target.read_bytes() == wanted:
        return
    whole = target.with_name(f".{target.name}.{os.getpid()}")
    whole.write_bytes(wanted)
    whole.replace(target)
