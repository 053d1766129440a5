"""Approves a device where no supervisor of its line or service has an approved one yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chat.supervision import staff_devices
from counsellors import audit, devices
from counsellors.models import Device


class Command(BaseCommand):
    help = "Lists pending devices with their fingerprints, or approves one by its id. Audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("device", nargs="?")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["device"] is None:
            for device in Device.objects.filter(state=Device.State.PENDING).select_related("person"):
                words = " ".join(devices.words_of(device.fingerprint))
                self.stdout.write(f"{device.pk}  {device.person.username}  {words}")
            return
        with transaction.atomic():
            waiting = Device.objects.filter(pk=options["device"], state=Device.State.PENDING)
            if not waiting.update(state=Device.State.APPROVED):
                raise CommandError("No pending device has that id.")
            audit.record(None, "approved", subject=options["device"], detail="command")
            staff_devices.tell(Device.objects.select_related("person").get(pk=options["device"]))
        self.stdout.write("approved")
