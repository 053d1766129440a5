"""Signs scopes. In one session, the person who types a root's words signs all scopes again, under one higher
serial number."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings
from django.db import transaction

from counsellors import audit
from counsellors.certificates import certified, roots, signed_bytes
from counsellors.certificates.signed_bytes import DAY, KINDS, MAX_SCOPE_SECONDS
from counsellors.models import Scope
from helpline.lib import encoding

LIFETIME_SECONDS = 390 * DAY  # below MAX_SCOPE_SECONDS, because clocks differ
MAX_SERIAL = 2**31  # half of the range: after a scope with the highest number, none could be signed
SIGNERS_FOR_TWO = 3  # with this many signers or more, a review key needs two signatures


class Wanted(msgspec.Struct, kw_only=True):
    """Describes a scope to be signed. `signers` holds the signers' public keys (points); `names` holds the
    owners' names, for the person who reads the request."""

    kind: str
    slug: str
    signers: list[str]
    names: list[str]


class Request(msgspec.Struct, kw_only=True):
    """Holds the request that is carried to a machine without a network. It is small, and nothing in it is
    secret."""

    serial: int
    not_after: int
    scopes: list[Wanted]


class SignedScope(msgspec.Struct, kw_only=True):
    """Holds a signed scope, as the machine without a network returns it."""

    kind: str
    slug: str
    serial: int
    not_after: int
    quorum: int
    signers: list[str]
    root: str
    sig: str


class NotTaken(ValueError):
    """These scopes are not what was asked for, or no root of this installation signed them."""


class NotAsked(NotTaken):
    """This is no request that can be signed: one key has two names, or a number is out of bounds."""


class TooSoon(NotTaken):
    """This root is too new: pages that are open do not name it yet. Sign with the old root, or wait."""


def ask(wanted: Sequence[Wanted], *, now: datetime) -> Request:
    """Returns a signing request. The request's serial number is one more than the highest serial number in
    the file and in the scopes that the file's roots have signed. A row without such a signature is ignored,
    because anybody who can write to the database could have made the row."""
    file = roots.read() or roots.File()
    trust = roots.Trust(frozenset(certified.point(root.point) for root in file.roots), 0)
    taken = [row.serial for row in Scope.objects.all() if certified.stands(row, trust)]
    serial = max([*taken, file.serial]) + 1
    return Request(serial=serial, not_after=int(now.timestamp()) + LIFETIME_SECONDS, scopes=list(wanted))


def require_plain(request: Request) -> None:
    """Raises NotAsked for a request that cannot be signed, or that would mislead the person who reads it.
    Somebody may have changed the request in the database or in transit."""
    called: dict[str, str] = {}
    for one in request.scopes:
        if len(one.signers) != len(one.names) or one.kind not in KINDS:
            raise NotAsked
        for key, name in zip(one.signers, one.names, strict=True):
            if called.setdefault(key, name) != name:
                raise NotAsked
    if not 0 < request.serial <= MAX_SERIAL:
        raise NotAsked


def sign(request: Request, scalar: bytes) -> list[SignedScope]:
    """Signs the request's scopes with a root's private scalar. It needs no database."""
    private = signed_bytes.private_of(scalar)
    return [_signed(request, one, private) for one in request.scopes]


def quorum_of(signers: int) -> int:
    """Returns how many signatures a review key needs in a scope with this many signers."""
    return 2 if signers >= SIGNERS_FOR_TWO else 1


def _signed(request: Request, wanted: Wanted, private: EllipticCurvePrivateKey) -> SignedScope:
    signers = sorted(certified.point(one) for one in set(wanted.signers))
    quorum = quorum_of(len(signers))
    facts = (wanted.kind, wanted.slug, request.serial, request.not_after, quorum)
    message = signed_bytes.scope_bytes(*facts, signers)
    return SignedScope(
        kind=wanted.kind,
        slug=wanted.slug,
        serial=request.serial,
        not_after=request.not_after,
        quorum=quorum,
        signers=[encoding.encode(one) for one in signers],
        root=encoding.encode(signed_bytes.point_of(private)),
        sig=encoding.encode(signed_bytes.sign(private, message)),
    )


@transaction.atomic
def take(signed: Sequence[SignedScope], *, now: datetime) -> int:
    """Stores the signed scopes in the database, then writes their serial number to the file of roots as the
    lowest one that the pages accept. Returns that number. Raises NotTaken or TooSoon.

    The file is written after the commit. If the server crashes before it writes the file, the new scopes are
    valid, and browsers still accept the earlier scopes.
    """
    file = roots.read()
    known = {root.point for root in file.roots} if file else set()
    serials = {one.serial for one in signed}
    if file is None or len(serials) != 1 or not all(_stands(one, known, now) for one in signed):
        raise NotTaken
    (serial,) = serials
    # An equal number is accepted: after the restore of an older backup the same scopes are stored again.
    if serial < file.serial:
        raise NotTaken
    if any(not _may_sign(one.root, file, now) for one in signed):
        raise TooSoon
    Scope.objects.exclude(pk__in=[_store(one).pk for one in signed]).delete()
    audit.record(None, "scopes_signed", detail=f"serial {serial}, {len(signed)} scopes")
    transaction.on_commit(lambda: roots.change(file, serial=serial))
    return serial


def signs_from(now: datetime) -> datetime:
    """Returns the time from which a root that is made now may sign beside an older root. By then, every open
    page was loaded after the new root was made."""
    return now + settings.OPEN_SPAN


def signed_by(root: str) -> list[str]:
    return sorted(Scope.objects.filter(root=root).values_list("slug", flat=True))


def _may_sign(point: str, file: roots.File, now: datetime) -> bool:
    """Returns whether this root may sign. The oldest named root may sign immediately. A later root may sign
    only after OPEN_SPAN has passed since it was made, because only then do all open pages name it. While no
    root is named, any root may sign."""
    own = next(root for root in file.roots if root.point == point)
    if not own.named and any(root.named for root in file.roots):
        return False
    older = any(root.named and root.point != point and root.since < own.since for root in file.roots)
    return not older or own.since + settings.OPEN_SPAN.total_seconds() <= now.timestamp()


def _stands(one: SignedScope, known: set[str], now: datetime) -> bool:
    lasts = one.not_after - int(now.timestamp())
    row = Scope(**msgspec.structs.asdict(one))
    trust = roots.Trust(frozenset(certified.point(point) for point in known), one.serial)
    return one.root in known and 0 < lasts <= MAX_SCOPE_SECONDS and certified.stands(row, trust)


def _store(one: SignedScope) -> Scope:
    facts = msgspec.structs.asdict(one)
    where = {"kind": facts.pop("kind"), "slug": facts.pop("slug")}
    return Scope.objects.update_or_create(**where, defaults=facts)[0]
