"""Manages devices. A device is a browser's key. A device may do nothing until its browser has shown that it
has the secret key, and until the device is registered for one person and approved."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from counsellors import audit
from counsellors.certificates import eight_words
from counsellors.models import Device, Person
from counsellors.signin import entry_links
from helpline.lib import encoding
from helpline.lib.errors import BadFrame, Conflict

FINGERPRINT_BYTES = 11
MAX_PENDING = 3
UNUSED_AFTER = timedelta(days=90)  # a device that is unused for this long is revoked


@dataclass(frozen=True, slots=True)
class Candidate:
    """Holds a key that a browser claims to have, and the id that its device has or will get. A candidate is
    not stored."""

    id: str
    key: bytes
    label: str


def candidate(person: Person, key: bytes, label: str) -> Candidate:
    """Returns the candidate for this key. Raises BadFrame for bytes that are no P-256 point. Another person's
    key is treated like a new key, so that nobody learns that the key is registered."""
    require_point(key)
    known = Device.objects.filter(person=person, key=key).values_list("pk", flat=True).first()
    return Candidate(known or encoding.new_id(), key, label)


def known(person: Person, device: str | None) -> Candidate | None:
    """Returns the candidate for this person's device with the id `device`; None if there is no such device,
    or it is revoked."""
    found = of(person, device)
    return Candidate(found.pk, bytes(found.key), found.label) if found is not None else None


def register(person: Person, proven: Candidate, *, now: datetime) -> Device:
    """Stores a device for an authenticated key, or records that a stored device was used. Raises Conflict if
    that device is revoked, or is somebody else's."""
    try:
        with transaction.atomic():
            device = Device.objects.create(
                id=proven.id,
                person=person,
                key=proven.key,
                fingerprint=fingerprint_of(proven.key),
                label=proven.label,
                state=_first_state(person, now),
                enrolled_at=now,
                used_at=now,
            )
            audit.record(person, "enrolled", subject=device.id, detail=device.state)
            _forget_older(person)
            return device
    except IntegrityError:
        found = Device.objects.get(key=proven.key)
    if found.person_id != person.pk or found.state == Device.State.REVOKED:
        raise Conflict
    # Only one use an hour is recorded, which is precise enough for a limit of ninety days.
    Device.objects.filter(pk=found.pk, used_at__lt=now - timedelta(hours=1)).update(used_at=now)
    return found


def _forget_older(person: Person) -> None:
    """Deletes all but the person's three newest pending devices: a list of hundreds would hide the device to
    be approved. A device that was approved before and waits again is kept: it may have seats, and it opens
    what is sealed to its key."""
    waiting = Device.objects.filter(person=person, state=Device.State.PENDING, was_approved=False)
    waiting = waiting.order_by("-enrolled_at", "pk")
    Device.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[MAX_PENDING:])).delete()


def require_point(key: bytes) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError as error:
        raise BadFrame from error


def of(person: Person, device: str | None) -> Device | None:
    """Returns this person's device with the id `device`; None if there is no such device, or it is
    revoked."""
    if device is None:
        return None
    return Device.objects.filter(person=person, id=device).exclude(state=Device.State.REVOKED).first()


def require_approved(person: Person, device: str | None) -> Device:
    """Returns the person's device with this id if it is approved. Raises Conflict otherwise."""
    found = approved(person, device).first()
    if found is None:
        raise Conflict
    return found


def approved(person: Person, device: str | None) -> QuerySet[Device]:
    """Returns this person's device with the id `device`, if it is approved."""
    return Device.objects.filter(pk=device, person=person, state=Device.State.APPROVED)


def fingerprint_of(key: bytes) -> str:
    """Returns the first 88 bits of SHA-256("hl1 device" ‖ key). Other people's pages refer to the device by
    this fingerprint, and never learn its id."""
    return encoding.encode(hashlib.sha256(b"hl1 device" + key).digest()[:FINGERPRINT_BYTES])


def words_of(fingerprint: str) -> list[str]:
    """Returns eight words to compare by voice, each for 11 bits."""
    return eight_words.of_device(encoding.decode(fingerprint, FINGERPRINT_BYTES))


def _first_state(person: Person, now: datetime) -> str:
    policy = settings.DEVICE_APPROVAL
    first = not person.devices.exists()
    # When the first people of an installation join, nobody else is there to compare the words.
    if policy == "any" or (first and (policy == "first" or entry_links.founds(person, now=now))):
        return Device.State.APPROVED
    return Device.State.PENDING
