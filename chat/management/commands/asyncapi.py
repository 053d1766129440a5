"""Writes what is made from the wire contract: docs/asyncapi.yaml and the types of the pages."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.contract import asyncapi, typescript


class Command(BaseCommand):
    help = "Writes docs/asyncapi.yaml and frontend/shared/protocol.d.ts; --check only says what is stale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        made = {
            "docs/asyncapi.yaml": asyncapi.document(),
            "frontend/shared/protocol.d.ts": typescript.document(),
        }
        for name, wanted in made.items():
            target = settings.BASE / name
            if target.exists() and target.read_text() == wanted:
                continue
            if options["check"]:
                raise CommandError(f"{name} is stale: run `make asyncapi` and commit it")
            target.write_text(wanted)
