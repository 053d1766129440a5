"""Builds the bytes that people sign, and checks certificates, as defined under "Certificates" in sealing
version 1.

The format must not change, because independent clients rely on it. Tests compare it with
tests/vectors/sealing-v1.json. ECDSA over P-256 with SHA-256 (FIPS 186-5) is used, with signatures as r ‖ s;
times are whole Unix seconds. The caller's browser makes the same check in `frontend/shared/sealing.js`. The
server also makes the check, so that it gives nobody a seat that every browser would refuse.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from helpline.lib import encoding
from helpline.lib.errors import BadFrame

LINE, SERVICE = "line", "service"
DEVICE, REVIEW, LETTERS = "device", "review", "letters"
KINDS = {LINE: 1, SERVICE: 2}
USES = {DEVICE: 1, REVIEW: 2, LETTERS: 3}
POINT_BYTES, SIGNATURE_BYTES = 65, 64
DAY = 24 * 3600
MAX_LIFETIME_SECONDS = {DEVICE: 100 * DAY, REVIEW: 400 * DAY, LETTERS: 35 * DAY}
MAX_SCOPE_SECONDS = 400 * DAY
MAX_SCOPE_AHEAD_SECONDS = 430 * DAY  # the limit for a browser whose clock is a month behind
MAX_CLOCK_DIFFERENCE_SECONDS = 30 * DAY
MAX_EARLY_SECONDS = 300
MAX_SIGNERS = MAX_SIGNATURES = 16
MAX_SAFE_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Holds a root's signed statement of who may sign for a line or a service. `signers` holds public keys
    (P-256 points) in ascending order."""

    kind: str
    slug: str
    serial: int
    not_after: int
    quorum: int
    signers: tuple[bytes, ...]
    root: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """Holds a statement that a key is valid for a scope between two Unix seconds. `sigs` holds pairs of
    signer and signature."""

    scope: Scope
    not_before: int
    not_after: int
    sigs: tuple[tuple[bytes, bytes], ...]


class Malformed(ValueError):
    """The input is not a well-formed certificate."""


def scope_bytes(
    kind: str, slug: str, serial: int, not_after: int, quorum: int, signers: Sequence[bytes]
) -> bytes:
    """Returns the bytes that a root signs for a scope."""
    return b"".join(
        (
            b"hl1 scope",
            bytes([KINDS[kind]]),
            hashlib.sha256(slug.encode()).digest(),
            serial.to_bytes(4),
            not_after.to_bytes(8),
            bytes([quorum, len(signers)]),
            *signers,
        )
    )


def cert_bytes(use: str, kind: str, slug: str, key: bytes, not_before: int, not_after: int) -> bytes:
    """Returns the bytes that a signer signs for a key."""
    return b"".join(
        (
            b"hl1 cert",
            bytes([USES[use], KINDS[kind]]),
            hashlib.sha256(slug.encode()).digest(),
            key,
            not_before.to_bytes(8),
            not_after.to_bytes(8),
        )
    )


def sign(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Returns the signature of the message: 64 bytes, r ‖ s."""
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def is_signed(point: bytes, message: bytes, sig: bytes) -> bool:
    """Returns whether the owner of this point signed the message; False for a malformed point or
    signature."""
    if len(sig) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(sig[:32]), int.from_bytes(sig[32:])
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def point_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Returns the public key, uncompressed."""
    numbers = private.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


def private_of(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    """Returns the private key with this scalar. Raises ValueError for a scalar out of range."""
    return ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())


def is_point(key: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return False
    return len(key) == POINT_BYTES and key[0] == 4


def at_the_clock(at: int, clock: int) -> int:
    """Returns an entry's time, or the nearest time that is at most thirty days before or after `clock`."""
    return max(clock - MAX_CLOCK_DIFFERENCE_SECONDS, min(clock + MAX_CLOCK_DIFFERENCE_SECONDS, at))


def is_good(
    told: object,
    *,
    use: str,
    kind: str,
    slug: str,
    key: bytes,
    roots: Collection[bytes],
    lowest: int,
    at: int,
) -> bool:
    """Returns whether `key` is valid for this scope at the Unix second `at`, according to the certificate
    `told`, which has the form of certificates in frames."""
    try:
        cert = read(told)
    except Malformed:
        return False
    scope = cert.scope
    return (
        (scope.kind, scope.slug) == (kind, slug)
        and scope.serial >= lowest
        and scope.root in roots
        and at < scope.not_after <= at + MAX_SCOPE_AHEAD_SECONDS
        and cert.not_before <= at + MAX_EARLY_SECONDS
        and at < cert.not_after
        and cert.not_after - cert.not_before <= MAX_LIFETIME_SECONDS[use]
        and is_signed(scope.root, signed_scope(scope), scope.sig)
        and len(_good_signers(cert, use, key)) >= (1 if use == DEVICE else scope.quorum)
    )


def signed_scope(scope: Scope) -> bytes:
    return scope_bytes(scope.kind, scope.slug, scope.serial, scope.not_after, scope.quorum, scope.signers)


def _good_signers(cert: Certificate, use: str, key: bytes) -> set[bytes]:
    """Returns the scope's signers whose signature is valid. All other signatures are ignored."""
    scope = cert.scope
    signed = cert_bytes(use, scope.kind, scope.slug, key, cert.not_before, cert.not_after)
    return {signer for signer, sig in cert.sigs if signer in scope.signers and is_signed(signer, signed, sig)}


# The functions below convert certificates to and from the form for frames.


def read(told: object) -> Certificate:
    """Parses a certificate from a frame. Raises Malformed for missing or unknown fields, bytes that are not
    canonical, and numbers that are not whole."""
    scope, not_before, not_after, sigs = _fields(told, "scope", "not_before", "not_after", "sigs")
    if not isinstance(sigs, list) or len(sigs) > MAX_SIGNATURES:
        raise Malformed
    pairs = (_fields(one, "signer", "sig") for one in sigs)
    read_sigs = tuple((_bytes(signer), _bytes(sig)) for signer, sig in pairs)
    return Certificate(
        _scope(scope), _whole(not_before, MAX_SAFE_INTEGER), _whole(not_after, MAX_SAFE_INTEGER), read_sigs
    )


def _scope(told: object) -> Scope:
    names = ("kind", "slug", "serial", "not_after", "quorum", "signers", "root", "sig")
    kind, slug, serial, not_after, quorum, signers, root, sig = _fields(told, *names)
    if not isinstance(kind, str) or not isinstance(slug, str) or not isinstance(signers, list):
        raise Malformed
    if kind not in KINDS:
        raise Malformed
    points = tuple(_bytes(one, POINT_BYTES) for one in signers)
    found = Scope(
        kind=kind,
        slug=slug,
        serial=_whole(serial, 2**32 - 1),
        not_after=_whole(not_after, MAX_SAFE_INTEGER),
        quorum=_whole(quorum, 2),
        signers=points,
        root=_bytes(root, POINT_BYTES),
        sig=_bytes(sig, SIGNATURE_BYTES),
    )
    if not may_stand(found):
        raise Malformed
    return found


def may_stand(scope: Scope) -> bool:
    """Returns whether the signers' points are on the curve, distinct and in ascending order, and whether
    there are enough signers for the quorum."""
    signers = scope.signers
    return (
        1 <= len(signers) <= MAX_SIGNERS
        and 1 <= scope.quorum <= len(signers)
        and all(one < other for one, other in pairwise(signers))
        and all(is_point(one) for one in signers)
    )


def _fields(told: object, *names: str) -> list[Any]:
    if not isinstance(told, Mapping) or set(told) != set(names):
        raise Malformed
    return [told[name] for name in names]


def _bytes(text: object, size: int | None = None) -> bytes:
    if not isinstance(text, str):
        raise Malformed
    try:
        return encoding.decode(text, size)
    except BadFrame as error:
        raise Malformed from error


def _whole(number: object, most: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise Malformed
    return number


def scope_frame(scope: Scope) -> dict[str, Any]:
    return {
        "kind": scope.kind,
        "slug": scope.slug,
        "serial": scope.serial,
        "not_after": scope.not_after,
        "quorum": scope.quorum,
        "signers": [encoding.encode(one) for one in scope.signers],
        "root": encoding.encode(scope.root),
        "sig": encoding.encode(scope.sig),
    }


def frame(cert: Certificate) -> dict[str, Any]:
    """Returns the certificate in the form that it has in a `joined` entry."""
    return {
        "scope": scope_frame(cert.scope),
        "not_before": cert.not_before,
        "not_after": cert.not_after,
        "sigs": [
            {"signer": encoding.encode(signer), "sig": encoding.encode(sig)} for signer, sig in cert.sigs
        ],
    }
