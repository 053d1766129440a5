"""Prints the secret that signs requests to a webhook: the operator of the receiving system needs it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.models import Line, Service
from counsellors import audit

SECRETS: dict[str, tuple[type[Line] | type[Service], str]] = {
    "alerts": (Line, "alert_secret"),
    "handoffs": (Service, "webhook_secret"),
    "guests": (Service, "contact_secret"),
}


class Command(BaseCommand):
    help = (
        "Prints the secret that signs what is posted to a webhook: a line's alerts, or a service's handoffs "
        "or guests. Each address has a secret of its own; a new address gets a new one. The audit says that "
        "it was read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=sorted(SECRETS), help="what is posted")
        parser.add_argument("slug", help="the short name of the line or the service")

    def handle(self, *_: Any, **options: Any) -> None:
        model, column = SECRETS[options["what"]]
        secret = model.objects.filter(pk=options["slug"]).values_list(column, flat=True).first()
        if not secret:
            raise CommandError("There is none of that name, or it has no webhook.")
        audit.record(None, "by_command", subject=options["slug"], detail=column)
        self.stdout.write(secret)
