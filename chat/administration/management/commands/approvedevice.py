"""Approves a device from the command line, for a line or service whose supervisors have no approved device
yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from chat.handoff import services
from chat.supervision import staff_devices
from counsellors import audit, devices
from counsellors.models import Device
from helpline.lib import clock


class Command(BaseCommand):
    help = (
        "Lists devices that wait for approval, or approves one. It lists each with the eight words that its "
        "browser shows; the one is named by its id, or by who has just this one. Audited. It certifies "
        "nobody: browsers sign."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("device", nargs="?")
        parser.add_argument(
            "--lost", action="store_true", help="it replaces the person's others, which end in the same step"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["device"] is None:
            for device in Device.objects.filter(state=Device.State.PENDING).select_related("person"):
                words = " ".join(devices.words_of(device.fingerprint))
                person = device.person
                self.stdout.write(f"{device.pk}  {person.username} ({person.alias})  {words}")
            return
        self._approve(_the_one(options["device"]), lost=options["lost"])
        self.stdout.write("approved")

    @transaction.atomic
    def _approve(self, pk: str, *, lost: bool) -> None:
        waiting = Device.objects.filter(pk=pk, state=Device.State.PENDING)
        if not waiting.update(state=Device.State.APPROVED):
            raise CommandError("No pending device has that id.")
        device = Device.objects.select_related("person").get(pk=pk)
        if lost:
            others = Device.objects.filter(person=device.person).exclude(pk=pk)
            for other in others.exclude(state=Device.State.REVOKED).values_list("pk", flat=True):
                staff_devices.end(other, None, now=clock.now())
        services.open_desk(device.person)
        audit.record(None, "approved", subject=pk, detail="command")
        staff_devices.tell(device)


def _the_one(named: str) -> str:
    """Returns the id of the pending device that `named` identifies: `named` is its id, or the sign-in name of
    a person with only one pending device. Returns `named` unchanged if no device matches. Raises CommandError
    if several devices match."""
    waiting = Device.objects.filter(state=Device.State.PENDING)
    found = list(waiting.filter(Q(pk=named) | Q(person__username=named)).values_list("pk", flat=True))
    if len(found) > 1:
        raise CommandError(f"{named} has {len(found)} devices that wait: name one by its id.")
    return found[0] if found else named
