"""Finds the valid certificate of a key. The server sends the certificate in the key's `joined` entry, and
browsers verify it. The server checks the certificate only so that it gives nobody a seat that every browser
would refuse."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from counsellors.certificates import roots, signed_bytes
from counsellors.certificates.roots import Trust
from counsellors.certificates.signed_bytes import DEVICE, LINE, MAX_SIGNATURES
from counsellors.models import Certificate, Scope
from helpline.lib import encoding
from helpline.lib.errors import Conflict

type Frame = dict[str, Any]


class NotCertified(Conflict):
    """This browser has no valid certificate for this line. Ask a supervisor to compare its words."""


def is_needed() -> bool:
    """Returns whether the pages name roots, so that keys need certificates."""
    return roots.trust() is not None


def of_key(use: str, kind: str, slug: str, key: bytes, *, now: datetime) -> Frame | None:
    """Returns the key's valid certificate that ends last, in the form for a `joined` entry. Returns None if
    there is no valid certificate, or if the pages name no root."""
    return of_keys(use, kind, [slug], [key], now=now).get((slug, key))


def of_keys(
    use: str, kind: str, slugs: Collection[str], keys: Collection[bytes], *, now: datetime
) -> dict[tuple[str, bytes], Frame]:
    """Works like `of_key`, but for several scopes and keys, in two queries. Returns the certificates by slug
    and key."""
    trust = roots.trust()
    return {} if trust is None else _good(trust, use, kind, slugs, keys, now)


def require(kind: str, slug: str, key: bytes, *, now: datetime) -> Frame | None:
    """Returns the device's valid certificate, or None while the pages name no root. Raises NotCertified if
    the pages name a root and the device has no valid certificate."""
    if not is_needed():
        return None
    found = of_key(DEVICE, kind, slug, key, now=now)
    if found is None:
        raise NotCertified
    return found


def lines_of(key: bytes, slugs: Collection[str], *, now: datetime) -> dict[str, Frame]:
    """Returns the device's valid certificate for each line. Leaves out the lines for which it has none."""
    return {slug: frame for (slug, _), frame in of_keys(DEVICE, LINE, slugs, [key], now=now).items()}


def scope_ends(kind: str, slug: str) -> int | None:
    """Returns when the current scope of a line or service ends, in Unix seconds; None if there is no valid
    scope."""
    trust, found = roots.trust(), Scope.objects.filter(kind=kind, slug=slug).first()
    if trust is None or found is None or not stands(found, trust):
        return None
    return found.not_after


def stands(scope: Scope, trust: Trust) -> bool:
    """Returns whether the scope is valid: it is signed by a root that the pages name, and the pages still
    accept its serial number."""
    try:
        read = signed_scope(scope)
    except signed_bytes.Malformed:
        return False
    return (
        read.root in trust.points
        and read.serial >= trust.serial
        and signed_bytes.may_stand(read)
        and signed_bytes.is_signed(read.root, signed_bytes.signed_scope(read), read.sig)
    )


def signed_scope(scope: Scope) -> signed_bytes.Scope:
    """Parses the row. Raises Malformed if it is not a well-formed scope."""
    return signed_bytes.read({"scope": frame_of(scope), "not_before": 0, "not_after": 0, "sigs": []}).scope


def frame_of(scope: Scope) -> Frame:
    """Returns the scope in the form that it has in a certificate."""
    return {
        "kind": scope.kind,
        "slug": scope.slug,
        "serial": scope.serial,
        "not_after": scope.not_after,
        "quorum": scope.quorum,
        "signers": scope.signers,
        "root": scope.root,
        "sig": scope.sig,
    }


def _good(
    trust: Trust, use: str, kind: str, slugs: Collection[str], keys: Collection[bytes], now: datetime
) -> dict[tuple[str, bytes], Frame]:
    at = int(now.timestamp())
    scopes = {scope.slug: scope for scope in Scope.objects.filter(kind=kind, slug__in=slugs)}
    found: dict[tuple[str, bytes], Frame] = {}
    for row in _rows(use, kind, list(scopes), keys, at):
        place, frame = (row.slug, bytes(row.key)), _frame(row, scopes[row.slug])
        if place not in found and signed_bytes.is_good(
            frame,
            use=use,
            kind=kind,
            slug=row.slug,
            key=place[1],
            roots=trust.points,
            lowest=trust.serial,
            at=at,
        ):
            found[place] = frame
    return found


def _rows(
    use: str, kind: str, slugs: Collection[str], keys: Collection[bytes], at: int
) -> Iterable[Certificate]:
    rows = Certificate.objects.filter(use=use, kind=kind, slug__in=slugs, key__in=keys, not_after__gt=at)
    return rows.order_by("-not_after", "pk")


def _frame(row: Certificate, scope: Scope) -> Frame:
    """Returns the certificate in the form that it has in a frame, with at most sixteen signatures; those by
    signers of the current scope come first."""
    sigs = sorted(row.sigs, key=lambda one: one["signer"] not in scope.signers)
    shown = [{"signer": one["signer"], "sig": one["sig"]} for one in sigs[:MAX_SIGNATURES]]
    times = {"not_before": row.not_before, "not_after": row.not_after}
    return {"scope": frame_of(scope), **times, "sigs": shown}


def point(text: str) -> bytes:
    return encoding.decode(text, signed_bytes.POINT_BYTES)
