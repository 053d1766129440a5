"""Makes a new key for second factors, and encrypts all seeds of second factors in the database with the new
key."""

from typing import Any

from django.core.management.base import BaseCommand

from counsellors.signin import factors
from helpline.lib import keyring


class Command(BaseCommand):
    help = "Makes a new key for second factors, and seals every seed under it. Older keys still open."

    def handle(self, *_: Any, **__: Any) -> None:
        keyring.make_key()
        self.stdout.write(f"{factors.reseal()} seeds sealed anew")
        self.stdout.write(f"{factors.under_older_keys()} recovery codes stay under older keys")
