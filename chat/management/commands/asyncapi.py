"""Writes docs/asyncapi.yaml."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat import asyncapi


class Command(BaseCommand):
    help = "Writes docs/asyncapi.yaml from chat/protocol.py; --check only says whether it is stale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        target = settings.BASE / "docs" / "asyncapi.yaml"
        wanted = asyncapi.document()
        if target.exists() and target.read_text() == wanted:
            return
        if options["check"]:
            raise CommandError("docs/asyncapi.yaml is stale: run `make asyncapi` and commit it")
        target.write_text(wanted)
