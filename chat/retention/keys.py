"""Retention keys: one random key per purge hour, in files outside the database. No key, no words.

What is stored of an epoch secret lies under the key of its conversation's hour D, so destroying one file of
32 bytes makes every conversation of that hour unreadable, in backups too.
"""

import os
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from helpline.lib import clock, durable, encoding

KEY_BYTES = 32
NONCE_BYTES = 12
NAME = "%Y%m%dT%H%M%SZ.key"

_keys: dict[datetime, bytes] = {}


def purge_instant(opened_at: datetime, retention: timedelta) -> datetime:
    """D: the longest a conversation can last, plus the retention, rounded up to the purge hour."""
    latest = (opened_at + settings.OPEN_SPAN + retention).timestamp()
    hour = settings.PURGE_HOUR.total_seconds()
    return datetime.fromtimestamp(-(-latest // hour) * hour, UTC)


def ensure_key(purge_at: datetime) -> None:
    """Makes the hour's key, on disk, before a row that needs it is committed."""
    if _key(purge_at) is None:
        if purge_at <= clock.now():
            raise ValueError("a passed hour gets no new key")  # it would revive what was destroyed
        _create(purge_at)


def seal_wrap(wrap: bytes, *, conversation: str, epoch: int, member: str, purge_at: datetime) -> bytes:
    """`nonce ‖ AES-256-GCM(R_D, …)`; the associated data binds the wrap to its place."""
    return _seal(wrap, _wrap_place(conversation, epoch, member, purge_at), purge_at)


def open_wrap(
    sealed: bytes, *, conversation: str, epoch: int, member: str, purge_at: datetime
) -> bytes | None:
    """The wrap, or None when the hour's key is gone."""
    return _open(sealed, _wrap_place(conversation, epoch, member, purge_at), purge_at)


def close_anew(
    sealed: bytes, *, conversation: str, epoch: int, member: str, purge_at: datetime, until: datetime
) -> bytes | None:
    """A stored wrap under the key of `until` in place of D, for a hold; None when the hour's key is gone."""
    wrap = open_wrap(sealed, conversation=conversation, epoch=epoch, member=member, purge_at=purge_at)
    if wrap is None:
        return None
    return seal_wrap(wrap, conversation=conversation, epoch=epoch, member=member, purge_at=until)


def new_shelf() -> bytes:
    """For a caller's browser: under it lies what its tab keeps."""
    return secrets.token_bytes(KEY_BYTES)


def seal_shelf(shelf: bytes, *, conversation: str, purge_at: datetime) -> bytes:
    return _seal(shelf, _place(b"hl1 shelf", conversation, purge_at), purge_at)


def open_shelf(sealed: bytes | memoryview | None, *, conversation: str, purge_at: datetime) -> bytes | None:
    return _open(bytes(sealed), _place(b"hl1 shelf", conversation, purge_at), purge_at) if sealed else None


def seal_return(box: bytes, *, conversation: str, purge_at: datetime) -> bytes:
    """The secrets that a return code opens; they lie in a box under a key that was never here."""
    return _seal(box, _place(b"hl1 return", conversation, purge_at), purge_at)


def open_return(sealed: bytes | memoryview, *, conversation: str, purge_at: datetime) -> bytes | None:
    return _open(bytes(sealed), _place(b"hl1 return", conversation, purge_at), purge_at)


def exists(purge_at: datetime) -> bool:
    """On disk, in any folder: what a process remembers is gone with it."""
    return any(_path(folder, purge_at).exists() for folder in settings.KEY_FOLDERS)


def keys_until(now: datetime) -> list[datetime]:
    """The hours up to `now` whose key still exists."""
    names = {path.name for folder in settings.KEY_FOLDERS for path in folder.glob("*.key")}
    hours = [datetime.strptime(name, NAME).replace(tzinfo=UTC) for name in names]
    return sorted(hour for hour in hours if hour <= now)


def destroy_until(now: datetime, *, spared: Collection[datetime] = ()) -> int:
    """Overwrites and unlinks the keys of hours that have come. What they closed is unreadable for good."""
    hours = [hour for hour in keys_until(now) if hour not in spared]
    for hour in hours:
        _keys.pop(hour, None)
        for folder in settings.KEY_FOLDERS:
            _destroy(_path(folder, hour))
    return len(hours)


def _destroy(path: Path) -> None:
    """Overwritten before it is unlinked: on a plain file system the old bytes are then gone from the disk."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    durable.sync_folder(path.parent)


def _wrap_place(conversation: str, epoch: int, member: str, purge_at: datetime) -> bytes:
    place = b"hl1 outer" + encoding.decode(conversation) + epoch.to_bytes(4) + encoding.decode(member)
    return place + int(purge_at.timestamp()).to_bytes(8)


def _place(label: bytes, conversation: str, purge_at: datetime) -> bytes:
    return label + encoding.decode(conversation) + int(purge_at.timestamp()).to_bytes(8)


def _seal(plain: bytes, place: bytes, purge_at: datetime) -> bytes:
    key = _key(purge_at)
    if key is None:
        raise ValueError("the retention key of this hour is missing")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(sealed: bytes, place: bytes, purge_at: datetime) -> bytes | None:
    key = _key(purge_at)
    if key is None:
        return None
    try:
        return AESGCM(key).decrypt(bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:]), place)
    except InvalidTag:
        return None


def _key(purge_at: datetime) -> bytes | None:
    _forget_passed()
    if purge_at not in _keys:
        for folder in settings.KEY_FOLDERS:
            path = _path(folder, purge_at)
            if path.exists() and len(key := path.read_bytes()) == KEY_BYTES:
                _keys[purge_at] = key
                break
    return _keys.get(purge_at)


def _forget_passed() -> None:
    """No process keeps a key in memory past its hour."""
    now = clock.now()
    for purge_at in [hour for hour in _keys if hour <= now]:
        del _keys[purge_at]


def _path(folder: Path, purge_at: datetime) -> Path:
    return folder / purge_at.astimezone(UTC).strftime(NAME)


def _create(purge_at: datetime) -> None:
    """Two processes may come here at once: the link decides, and both read what it points to."""
    key = secrets.token_bytes(KEY_BYTES)
    for folder in settings.KEY_FOLDERS:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _path(folder, purge_at)
        draft = folder / f".{secrets.token_hex(8)}"
        durable.write(draft, key)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            key = path.read_bytes()
        finally:
            draft.unlink()
        durable.sync_folder(folder)
