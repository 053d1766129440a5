"""Devices: a browser's key, registered for one person and approved before it may take callers."""

import functools
import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import IntegrityError, transaction

from counsellors import audit
from counsellors.models import Device, Person
from helpline.lib.errors import BadFrame, Conflict

UNUSED = timedelta(days=90)  # then it counts no more


def enrol(person: Person, key: bytes, label: str, *, now: datetime) -> Device:
    """The device of this key. BadFrame for bytes that are no point, Conflict for somebody else's key."""
    require_point(key)
    try:
        with transaction.atomic():
            device = Device.objects.create(
                person=person, key=key, label=label, state=_first_state(person), enrolled_at=now, used_at=now
            )
            audit.record(person, "enrolled", subject=device.id, detail=device.state)
            return device
    except IntegrityError:
        known = Device.objects.get(key=key)
    if known.person_id != person.pk or known.state == Device.State.REVOKED:
        raise Conflict
    return known


def require_point(key: bytes) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError as error:
        raise BadFrame from error


def of(person: Person, device: str | None) -> Device | None:
    """This person's device of that id, unless revoked; None for anything else."""
    if device is None:
        return None
    return Device.objects.filter(person=person, id=device).exclude(state=Device.State.REVOKED).first()


def opened_on(person: Person, device: str | None, *, now: datetime) -> Device | None:
    """As `of`, where the person opens a console. Noted once an hour: no matter in ninety days."""
    found = of(person, device)
    if found is not None:
        Device.objects.filter(pk=found.pk, used_at__lt=now - timedelta(hours=1)).update(used_at=now)
    return found


def not_revoked(devices: Collection[str]) -> dict[str, Device]:
    """Those of the devices that still count, by id."""
    return {
        found.pk: found for found in Device.objects.filter(pk__in=devices).exclude(state=Device.State.REVOKED)
    }


def require_approved(person: Person, device: str | None) -> Device:
    """Conflict unless this is an approved device of the person."""
    found = of(person, device)
    if found is None or found.state != Device.State.APPROVED:
        raise Conflict
    return found


def fingerprint(key: bytes) -> list[str]:
    """Eight words to compare by voice: the first 88 bits of SHA-256("hl1 device" ‖ key), 11 bits a word."""
    digest = hashlib.sha256(b"hl1 device" + key).digest()[:11]
    bits = int.from_bytes(digest)
    return [_words()[bits >> shift & 2047] for shift in range(77, -1, -11)]


@functools.cache
def _words() -> list[str]:
    """The list that browsers use, so that both say the same."""
    source = (settings.FRONTEND / "vendor" / "words.js").read_text()
    return source.split("`")[1].split()


def _first_state(person: Person) -> str:
    policy = settings.DEVICE_APPROVAL
    if policy == "any" or (policy == "first" and not person.devices.exists()):
        return Device.State.APPROVED
    return Device.State.PENDING
