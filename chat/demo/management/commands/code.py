"""Prints a demo person's one-time code."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_otp.oath import TOTP

from counsellors.models import Authenticator


class Command(BaseCommand):
    help = "The present one-time code of a demo person. It works once; the next comes within 30 seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demo gives out codes.")
        device = Authenticator.objects.filter(user__username=options["username"]).first()
        if device is None:
            raise CommandError("Nobody of that name signs in here.")
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
        totp.time = time.time()
        self.stdout.write(str(totp.token()).zfill(device.digits))
