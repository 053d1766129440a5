"""Makes the line keys of a demo and keeps them in its data folder, so that somebody who tries the demo can
immediately read a conversation again or answer a letter.

In a real installation a supervisor's browser makes such a key, and the server never has it. In a demo each
device gets its share of the key as soon as the demo's signer has certified the device.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from chat import line_scope
from chat.models import KeyShare, Line, LineKey
from chat.retention.line_keys import NAMED_IN
from counsellors import challenges
from counsellors.certificates import demo_signer, signed_bytes
from counsellors.models import Certificate, Device, Person
from helpline.lib import durable

GENERATION = 1
RENEW_BEFORE = timedelta(days=20)  # a letters key is certified for 34 days


def make(line: Line, *, now: datetime) -> None:
    """Makes the line's first keys, and certifies them again before their certificates end. Does nothing for a
    line without a supervisor, or in a demo that issues no certificates. If a line has ever had keys, no new
    keys are made for it."""
    supervisor = line_scope.supervisors_of(line.pk).first()
    if not demo_signer.is_here() or supervisor is None:
        return
    for use in LineKey.Use:
        if not line.line_keys.filter(use=use).exists():
            _make(line, use, now)
        _certify(line, use, supervisor, now)


def _make(line: Line, use: str, now: datetime) -> None:
    if not _file(line.pk, use).exists():
        durable.write(_file(line.pk, use), demo_signer.new_scalar())
    public = signed_bytes.point_of(signed_bytes.private_of(_file(line.pk, use).read_bytes()))
    LineKey.objects.create(
        line=line, use=use, generation=GENERATION, public=public, made_at=now, confirmed_at=now
    )
    Line.objects.filter(pk=line.pk).update(**{NAMED_IN[use]: public})


def _certify(line: Line, use: str, supervisor: Person, now: datetime) -> None:
    key = line.line_keys.filter(use=use, generation=GENERATION, retired_at=None).first()
    if key is None:
        return
    near = int((now + RENEW_BEFORE).timestamp())
    lasting = Certificate.objects.filter(use=use, slug=line.pk, key=bytes(key.public), not_after__gt=near)
    if not lasting.exists():
        demo_signer.certify_key(supervisor, use, line.pk, bytes(key.public), now=now)


def share_with(device: Device) -> None:
    """Stores shares for this device: of the review key of each line that the device's owner supervises, and
    of the letters key of each line that the owner works for."""
    if not demo_signer.is_here():
        return
    for line in line_scope.own_lines(device.person):
        supervises = line_scope.supervisors_of(line.pk).filter(pk=device.person_id).exists()
        answers = supervises or line_scope.counsellors_of(line.pk).filter(pk=device.person_id).exists()
        for use in LineKey.Use:
            key = line.line_keys.filter(use=use, generation=GENERATION, retired_at=None).first()
            is_entitled = answers if use == LineKey.Use.LETTERS else supervises
            if key is not None and is_entitled and _file(line.pk, use).exists():
                KeyShare.objects.get_or_create(
                    key=key, device=device, defaults={"sealed": _sealed(key, bytes(device.key))}
                )


def _sealed(key: LineKey, point: bytes) -> bytes:
    """Seals the private key for the device's public key, as a browser does (docs/sealing.md): HPKE (RFC
    9180)."""
    slug = sha256(key.line_id.encode()).digest()
    kind = b"\x01" if key.use == LineKey.Use.LETTERS else b""  # the kind of key; omitted for a review key
    info = b"hl1 " + key.use.encode() + kind + slug + key.generation.to_bytes(4) + bytes(key.public)
    return challenges.sealed_for(point, _file(key.line_id, key.use).read_bytes(), info)


def _file(line: str, use: str) -> Path:
    return settings.VAR / f"demo-{use}-{line}.key"
