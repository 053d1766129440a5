"""Checks that a browser has a device's secret key. A browser that sends `hello` with a device's id, or enrols
a key, must open a box that can be opened only with the secret key.

The box uses HPKE (RFC 9180), base mode, single shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
This is the only module in which the server seals anything for a key. The server cannot open the box again.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SECRET_BYTES = 32
_suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Challenge:
    """Holds a `box` for the browser, and the `secret` in it, which the browser must send back."""

    box: bytes
    secret: bytes

    def is_met_by(self, given: bytes) -> bool:
        return hmac.compare_digest(self.secret, given)


def challenge(name: str, key: bytes) -> Challenge:
    """Returns a challenge for the holder of `key`, an uncompressed P-256 point. `name` is the id of the
    device, or of a guest's `Member` row."""
    secret = secrets.token_bytes(SECRET_BYTES)
    return Challenge(sealed_for(key, secret, info_of(name)), secret)


def sealed_for(key: bytes, secret: bytes, info: bytes) -> bytes:
    """Returns `enc ‖ ct`, which only the holder of `key` can open; 113 bytes for a secret of 32."""
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    return _suite.encrypt(secret, public, info)


def info_of(name: str) -> bytes:
    return b"hl1 prove" + sha256(name.encode()).digest()
