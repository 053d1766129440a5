"""Checks from any machine whether a site serves exactly what its signed manifest lists."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.administration import manifest, verifying


class Command(BaseCommand):
    help = (
        "Compares a running site with a signed manifest, from any machine and without settings. It fetches "
        "the site as strangers do, in several languages, and compares also the roots that its pages name "
        "with those given. Status 1 where it differs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="https://…, as callers have it")
        said = "the public key, as `manifest` printed it; after `=`, since it may begin with a dash"
        parser.add_argument("--key", required=True, help=said)
        parser.add_argument(
            "--root", action="append", help="as it was written down when it was made; may be repeated"
        )
        parser.add_argument("--serial", type=int, help="of the last signing session, as it was written down")
        parser.add_argument("--manifest", type=Path, help="default: the one that the site shows")

    def handle(self, *_: Any, url: str, key: str, **options: Any) -> None:
        url = url.rstrip("/")
        try:
            path: Path | None = options["manifest"]
            signed = json.loads(path.read_text()) if path else verifying.signed_of(url)
            expected = manifest.require_signed(signed, key)
            named = verifying.Named()
            told = options["root"], options["serial"]
            found = list(verifying.differences(url, expected, *told, named))
        except manifest.NotSigned as error:
            raise CommandError(" ".join((error.__doc__ or "").split()), returncode=1) from None
        except (OSError, ValueError) as error:
            raise CommandError(f"{url} could not be compared: {error}", returncode=1) from None
        for sentence in dict.fromkeys(found):
            self.stdout.write(f"DIFFERS {sentence}")
        if found:
            raise CommandError(f"{url} is not what was signed.", returncode=1)
        self.stdout.write(f"{url} serves {len(expected['files'])} addresses as they were signed.")
        for root in named.roots():
            self.stdout.write(f"Its pages name the root {root}")
