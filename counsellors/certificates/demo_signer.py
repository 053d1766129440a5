"""Acts as the root and the signer of a demo. The keys of both are in the demo's data folder. Only in a demo
is every device approved and certified automatically."""

from collections.abc import Collection, Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from counsellors.certificates import roots, scopes, signed_bytes, signing
from counsellors.certificates.scopes import Wanted
from counsellors.certificates.signed_bytes import DAY, DEVICE, LETTERS, LINE, REVIEW
from counsellors.certificates.signing import Signed
from counsellors.models import Certificate, Device, Person, Scope
from helpline.lib import durable, encoding

LIFETIME_SECONDS = {DEVICE: 99 * DAY, REVIEW: 390 * DAY, LETTERS: 34 * DAY}
RENEW_BEFORE_SECONDS = 30 * DAY
SCALAR_BYTES = 32


def prepare(paths: Mapping[str, str]) -> roots.Trust | None:
    """Makes the demo's keys and the file of roots before the first start. Does nothing if DEVICE_APPROVAL is
    not `any`. Returns the roots and the serial that the pages name."""
    if settings.DEMO and settings.DEVICE_APPROVAL == "any":
        _make()
        list_pages(paths, {})
    return roots.trust()


def _make() -> None:
    if not settings.DEMO_SIGNER.exists():
        settings.DEMO_SIGNER.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        durable.write(settings.DEMO_SIGNER, new_scalar() + new_scalar())
    if roots.read() is None:
        roots.add(signed_bytes.point_of(_root()), named=True, since=0)


def list_pages(paths: Mapping[str, str], hosts: Mapping[str, str]) -> None:
    """Adds pages that the file of roots does not list yet. A listed page keeps its line, so that a changed
    row in the database cannot give the page to another line."""
    file = roots.read()
    if file is not None and not ({*paths} <= {*file.paths} and {*hosts} <= {*file.hosts}):
        roots.change(file, paths={**paths, **file.paths}, hosts={**hosts, **file.hosts})


def is_here() -> bool:
    return bool(settings.DEMO and settings.DEVICE_APPROVAL == "any" and settings.DEMO_SIGNER.exists())


def sign_scopes(wanted: Collection[tuple[str, str]], *, now: datetime) -> None:
    """If one of the wanted scopes is missing or ends within thirty days, signs all scopes again with one
    serial number."""
    ends = int(now.timestamp()) + RENEW_BEFORE_SECONDS
    good = set(Scope.objects.filter(not_after__gt=ends).values_list("kind", "slug"))
    if set(wanted) <= good:
        return
    signer = encoding.encode(signed_bytes.point_of(_signer()))
    every = set(wanted) | set(Scope.objects.values_list("kind", "slug"))
    asked = [Wanted(kind=kind, slug=slug, signers=[signer], names=["demo"]) for kind, slug in sorted(every)]
    scopes.take(scopes.sign(scopes.ask(asked, now=now), _root_scalar()), now=now)


def certify(device: Device, places: Collection[tuple[str, str]], *, now: datetime, is_new: bool) -> None:
    """Certifies a device for those of these lines and services for which it has no certificate that stays
    valid for more than thirty days.

    A key without any certificate is certified only when its row is created (`is_new`). So nobody gets a
    certificate by changing the key in an existing row.
    """
    key, near = bytes(device.key), int(now.timestamp()) + RENEW_BEFORE_SECONDS
    own = Certificate.objects.filter(use=DEVICE, key=key)
    if not is_new and not own.exists():
        return
    good = set(own.filter(not_after__gt=near).values_list("kind", "slug"))
    for kind, slug in sorted(set(places) - good):
        _sign(DEVICE, kind, slug, key, device.person, now=now)


def certify_key(person: Person, use: str, line: str, key: bytes, *, now: datetime) -> None:
    """Certifies a line's review key or letters key."""
    _sign(use, LINE, line, key, person, now=now)


def _sign(use: str, kind: str, slug: str, key: bytes, person: Person, *, now: datetime) -> None:
    at, private = int(now.timestamp()), _signer()
    until = at + LIFETIME_SECONDS[use]
    sig = signed_bytes.sign(private, signed_bytes.cert_bytes(use, kind, slug, key, at, until))
    signed = Signed(kind, slug, at, until, sig)
    point = encoding.encode(signed_bytes.point_of(private))
    if Scope.objects.filter(kind=kind, slug=slug).exists():
        signing.store(person, point, use, key, signed, now=now)


def new_scalar() -> bytes:
    """Returns a random scalar within the order of P-256."""
    made = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return made.to_bytes(SCALAR_BYTES)


def _root_scalar() -> bytes:
    return settings.DEMO_SIGNER.read_bytes()[:SCALAR_BYTES]


def _root() -> ec.EllipticCurvePrivateKey:
    return signed_bytes.private_of(_root_scalar())


def _signer() -> ec.EllipticCurvePrivateKey:
    return signed_bytes.private_of(settings.DEMO_SIGNER.read_bytes()[SCALAR_BYTES:])
