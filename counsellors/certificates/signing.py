"""Stores the signatures that supervisors make for a line or a service. They sign the keys of devices, and a
line's review key and letters key."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from counsellors import audit
from counsellors.certificates import certified, roots, signed_bytes
from counsellors.certificates.signed_bytes import DAY, MAX_LIFETIME_SECONDS
from counsellors.models import Certificate, Device, Person, Scope, Signer
from helpline.lib import encoding
from helpline.lib.errors import BadFrame, Conflict

RETENTION_SECONDS = 400 * DAY  # how long a certificate is kept after its end


@dataclass(frozen=True, slots=True)
class Signed:
    """Holds one signature, as a browser made it. Times are Unix seconds."""

    kind: str
    slug: str
    not_before: int
    not_after: int
    sig: bytes


@transaction.atomic
def register(device: Device, key: bytes, *, now: datetime) -> Signer:
    """Stores the device's signer, and replaces an earlier one. The new signer cannot sign for anything until
    a scope names it. Raises BadFrame for bytes that are not a point, Conflict for the key of another
    device."""
    if not signed_bytes.is_point(key):
        raise BadFrame
    point = encoding.encode(key)
    known = Signer.objects.filter(device=device).first()
    if known is not None and known.key == point:
        return known
    Signer.objects.filter(device=device).delete()
    try:
        with transaction.atomic():
            made = Signer.objects.create(key=point, device=device, made_at=now)
    except IntegrityError:  # the key is another device's
        raise Conflict from None
    audit.record(device.person, "signer_made", subject=device.pk)
    return made


def of(device: str | None) -> Signer | None:
    return Signer.objects.filter(device=device).first()


@transaction.atomic
def store(person: Person, signer: str, use: str, key: bytes, signed: Signed, *, now: datetime) -> Certificate:
    """Stores a signature. Raises Conflict if the signature is invalid, if its times are out of bounds, or if
    the scope does not name the signer."""
    scope = Scope.objects.filter(kind=signed.kind, slug=signed.slug).first()
    if scope is None or signer not in scope.signers:
        raise Conflict
    lasts = signed.not_after - signed.not_before
    at = int(now.timestamp())
    early, over = signed.not_before > at + signed_bytes.MAX_EARLY_SECONDS, signed.not_after <= at
    if not 0 < lasts <= MAX_LIFETIME_SECONDS[use] or early or over:
        raise Conflict
    message = signed_bytes.cert_bytes(use, signed.kind, signed.slug, key, signed.not_before, signed.not_after)
    if not signed_bytes.is_signed(certified.point(signer), message, signed.sig):
        raise Conflict
    row, _ = Certificate.objects.get_or_create(
        use=use,
        kind=signed.kind,
        slug=signed.slug,
        key=key,
        not_before=signed.not_before,
        not_after=signed.not_after,
    )
    # If two people sign one review key at the same time, the lock makes sure that both signatures are kept.
    row = Certificate.objects.select_for_update(no_key=True).get(pk=row.pk)
    others = [one for one in row.sigs if one["signer"] != signer]
    row.sigs = [*others, {"signer": signer, "sig": encoding.encode(signed.sig)}]
    row.save(update_fields=["sigs"])
    audit.record(person, "certified", subject=row.pk, detail=f"{use} {signed.kind} {signed.slug}")
    return row


def forget_old(*, now: datetime) -> int:
    """Deletes certificates that ended more than four hundred days ago."""
    old = Certificate.objects.filter(not_after__lt=int(now.timestamp()) - RETENTION_SECONDS)
    return old.delete()[0]


def may_sign(key: str) -> list[Scope]:
    """Returns the scopes that name this signer and that the pages accept. While the pages name no root,
    returns all scopes that name the signer."""
    trust = roots.trust()
    return [
        scope
        for scope in Scope.objects.order_by("kind", "slug")
        if key in scope.signers and (trust is None or certified.stands(scope, trust))
    ]
