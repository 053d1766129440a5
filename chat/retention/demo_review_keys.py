"""A demo's review keys: kept in its data folder, so that a newcomer can read a conversation again at once.

In a real installation a supervisor's browser makes such a key, and the server never has it. In a demo each
browser of a supervisor gets its share as soon as the demo's signer has certified the browser.
"""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from chat import line_scope
from chat.models import Line, ReviewKey, ReviewShare
from counsellors import challenges
from counsellors.certificates import demo_signer, signed_bytes
from counsellors.models import Device
from helpline.lib import durable

GENERATION = 1


def make(line: Line, *, now: datetime) -> None:
    """Makes the line's first review key, unless it has had one, has no supervisor, or the demo certifies
    nobody."""
    supervisor = line_scope.supervisors_of(line.pk).first()
    if not demo_signer.is_here() or supervisor is None or line.review_keys.exists():
        return
    if not _file(line.pk).exists():
        durable.write(_file(line.pk), demo_signer.new_scalar())
    public = signed_bytes.point_of(signed_bytes.private_of(_file(line.pk).read_bytes()))
    ReviewKey.objects.create(line=line, generation=GENERATION, public=public, made_at=now, confirmed_at=now)
    Line.objects.filter(pk=line.pk).update(review_key=public)
    demo_signer.certify_review(supervisor, line.pk, public, now=now)


def share_with(device: Device) -> None:
    """Seals for this device the key of each line that its person supervises."""
    if not demo_signer.is_here():
        return
    for line in line_scope.own_lines(device.person):
        key = line.review_keys.filter(generation=GENERATION, retired_at=None).first()
        supervises = line_scope.supervisors_of(line.pk).filter(pk=device.person_id).exists()
        if key is not None and supervises and _file(line.pk).exists():
            ReviewShare.objects.get_or_create(
                key=key, device=device, defaults={"sealed": _sealed(key, bytes(device.key))}
            )


def _sealed(key: ReviewKey, point: bytes) -> bytes:
    """Seals the private half for the device's point, as a browser does (docs/sealing.md): HPKE (RFC 9180)."""
    info = (
        b"hl1 review" + sha256(key.line_id.encode()).digest() + key.generation.to_bytes(4) + bytes(key.public)
    )
    return challenges.sealed_for(point, _file(key.line_id).read_bytes(), info)


def _file(line: str) -> Path:
    return settings.VAR / f"demo-review-{line}.key"
