"""Seals or hashes the staff's secrets in the database, under keys in files outside it
(helpline/lib/key_files.py). Each result begins with the name of its key.

The newest key seals, and every key can unseal. To replace a key, make a new one and reseal; when nothing
refers to the old key, its file may be deleted.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from helpline.lib import encoding, key_files
from helpline.lib.errors import BadFrame
from helpline.lib.key_files import NAME_CHARACTERS  # length of the name at the start of a result

NONCE_BYTES = 12
MARK_BYTES = 9
KIND = "seal"


def seal(plain: bytes, place: bytes) -> str:
    """Seals under the newest key. `place` identifies the kind and the owner of the bytes, as associated data
    of AES-GCM: with another `place` they cannot be unsealed."""
    name, key = key_files.newest(KIND)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return name + encoding.encode(nonce + AESGCM(key).encrypt(nonce, plain, place))


def unseal(sealed: str, place: bytes) -> bytes | None:
    """Returns the plain bytes; None if their key is gone, or if they were not sealed here for this place."""
    key = key_files.every(KIND).get(sealed[:NAME_CHARACTERS])
    if key is None:
        return None
    try:
        data = encoding.decode(sealed[NAME_CHARACTERS:])
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place)
    except (BadFrame, InvalidTag, ValueError):
        return None


def mark(word: str, place: bytes) -> str:
    """Returns a keyed hash of the word under the newest key: sixteen characters."""
    return _mark(*key_files.newest(KIND), word, place)


def marks(word: str, place: bytes) -> list[str]:
    """Returns the word's keyed hash under each key."""
    return [_mark(name, key, word, place) for name, key in key_files.every(KIND).items()]


def is_newest(sealed: str) -> bool:
    return sealed[:NAME_CHARACTERS] == key_files.newest(KIND)[0]


def has_key_of(sealed: str) -> bool:
    return sealed[:NAME_CHARACTERS] in key_files.every(KIND)


def make_key() -> None:
    """Makes a new key, which `seal` uses from then on."""
    key_files.make(KIND)


def _mark(name: str, key: bytes, word: str, place: bytes) -> str:
    return name + encoding.encode(hmac.digest(key, place + b"\0" + word.encode(), "sha256")[:MARK_BYTES])
