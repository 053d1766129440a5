"""Writes the signed manifest of the pages and files that the callers' host serves."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.administration import manifest
from helpline.lib import durable

PROJECT = "https://offlimits.nl"


class Command(BaseCommand):
    help = (
        "Writes the signed list of what callers are served: the addresses of the callers' host with the "
        "SHA-256 of what stands there, and one policy. It is for `verify`, and for browsers with the WEBCAT "
        "extension."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--key", type=Path, required=True, help="an Ed25519 key (PEM), or where to make one"
        )
        parser.add_argument("--host", help="default: the last of HELPLINE_ORIGINS")
        parser.add_argument("--app", default=PROJECT, help="the address of the project")
        parser.add_argument("--output", type=Path, help="default: where the site shows it")

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.ORIGINS:
            raise CommandError("Set HELPLINE_ORIGINS first: the addresses of the site.")
        host = options["host"] or _callers_host()
        signed = manifest.sign(manifest.write(host, options["app"]), _key(options["key"]))
        target = options["output"] or settings.WEBCAT / "manifest.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(signed, indent=1, ensure_ascii=False) + "\n")
        (public,) = signed["signatures"]
        self.stdout.write(f"{len(signed['manifest']['files'])} addresses of {host} in {target}")
        self.stdout.write(f"public key: {public}")


def _key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        durable.write(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return made
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except ValueError as error:
        raise CommandError(f"{path} is no key in PEM, or has a password.") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise CommandError(f"{path} is no Ed25519 key.")
    return found


def _callers_host() -> str:
    """Returns the last host that is not a line's own."""
    hosts = [origin.split("://")[-1] for origin in settings.ORIGINS]
    return next((host for host in reversed(hosts) if host not in settings.OWN_HOSTS), hosts[-1])
