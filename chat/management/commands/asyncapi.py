"""Writes the two files that are generated from the wire contract: docs/asyncapi.yaml and the TypeScript types
for the pages. Neither file is committed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chat.contract import asyncapi, typescript


class Command(BaseCommand):
    help = "Writes docs/asyncapi.yaml and frontend/shared/protocol.d.ts."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        (settings.BASE / "docs" / "asyncapi.yaml").write_text(asyncapi.document())
        (settings.BASE / "frontend" / "shared" / "protocol.d.ts").write_text(typescript.document())
