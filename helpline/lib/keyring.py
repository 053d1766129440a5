"""Manages keys outside the database, which seal or hash the secrets of staff that the database stores.

There is one file per key in each folder of the retention keys. The newest key seals, and every key can
unseal. To replace a key, make a new one and reseal; when nothing refers to the old key, its file may be
deleted. Files are read at each use, so that every process knows of a new key at once.
"""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from helpline.lib import clock, durable, encoding
from helpline.lib.errors import BadFrame

KEY_BYTES = 32
NONCE_BYTES = 12
NAME_CHARACTERS = 4  # characters that name a key, in front of what it sealed or hashed
MARK_BYTES = 9

type Keys = dict[str, bytes]


def seal(plain: bytes, place: bytes) -> str:
    """Seals under the newest key. `place` names what the bytes belong to, as associated data of AES-GCM: with
    another `place` they cannot be unsealed."""
    name, key = _newest()
    nonce = secrets.token_bytes(NONCE_BYTES)
    return name + encoding.encode(nonce + AESGCM(key).encrypt(nonce, plain, place))


def unseal(sealed: str, place: bytes) -> bytes | None:
    """Returns the plain bytes; None if their key is gone, or if they were not sealed here for this place."""
    key = _keys().get(sealed[:NAME_CHARACTERS])
    if key is None:
        return None
    try:
        data = encoding.decode(sealed[NAME_CHARACTERS:])
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place)
    except (BadFrame, InvalidTag, ValueError):
        return None


def mark(word: str, place: bytes) -> str:
    """Returns a keyed hash of the word under the newest key: sixteen characters."""
    return _mark(*_newest(), word, place)


def marks(word: str, place: bytes) -> list[str]:
    """Returns the word's keyed hash under each key."""
    return [_mark(name, key, word, place) for name, key in _keys().items()]


def is_newest(sealed: str) -> bool:
    return sealed[:NAME_CHARACTERS] == _newest()[0]


def has_key_of(sealed: str) -> bool:
    return sealed[:NAME_CHARACTERS] in _keys()


def make_key() -> None:
    """Makes a new key, which is then the newest, and syncs it to disk in every folder."""
    key = secrets.token_bytes(KEY_BYTES)
    name = f"{clock.now():%Y%m%dT%H%M%S%fZ}-{_name(key)}.seal"
    for folder in settings.KEY_FOLDERS:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{secrets.token_hex(8)}"
        durable.write(draft, key)
        draft.rename(folder / name)
        durable.sync_folder(folder)


def _keys() -> Keys:
    """Returns keys by name, the oldest first."""
    files = {path.name: path for folder in settings.KEY_FOLDERS for path in folder.glob("*.seal")}
    return {_name(key): key for key in map(_read, (files[name] for name in sorted(files))) if key}


def _newest() -> tuple[str, bytes]:
    if not _keys():
        make_key()
    return list(_keys().items())[-1]


def _read(path: Path) -> bytes:
    """Returns the key, or b"" if the file is torn."""
    key = path.read_bytes()
    return key if len(key) == KEY_BYTES else b""


def _name(key: bytes) -> str:
    return encoding.encode(sha256(b"helpline seal " + key).digest()[:3])


def _mark(name: str, key: bytes, word: str, place: bytes) -> str:
    return name + encoding.encode(hmac.digest(key, place + b"\0" + word.encode(), "sha256")[:MARK_BYTES])
