"""Seals the stored secrets of a conversation under its retention key: a random key in a slot outside the
database.

Zeroing this key makes its conversation unreadable, also in backups, and affects no other conversation. When
the slot files of a purge hour are destroyed, all conversations with that purge hour become unreadable.
"""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from chat.keys import slot_files
from chat.models import Slot
from helpline.lib import encoding
from helpline.lib.errors import TryAgain

NONCE_BYTES = 12


def purge_instant(ends: datetime, retention: timedelta) -> datetime:
    """Returns the purge hour (D) of a conversation that ends at `ends` at the latest: `ends` plus
    `retention`, rounded up to a multiple of PURGE_HOUR."""
    latest = (ends + retention).timestamp()
    hour = settings.PURGE_HOUR.total_seconds()
    return datetime.fromtimestamp(-(-latest // hour) * hour, UTC)


def seal_wrap(wrap: bytes, *, conversation: str, epoch: int, member: str, slot: Slot | None) -> bytes:
    """Returns `nonce ‖ AES-256-GCM(R_D, …)`, where R_D is the key in the slot. The associated data binds the
    wrap to its conversation, epoch, member and hour."""
    return _seal(wrap, _wrap_place(conversation, epoch, member), slot)


def open_wrap(
    sealed: bytes, *, conversation: str, epoch: int, member: str, slot: Slot | None
) -> bytes | None:
    """Returns the wrap, or None if its key is gone."""
    return _open(sealed, _wrap_place(conversation, epoch, member), slot)


def new_shelf() -> bytes:
    """Returns a new key with which a caller's browser seals the data that its tab stores."""
    return secrets.token_bytes(slot_files.KEY_BYTES)


def seal_shelf(shelf: bytes, *, conversation: str, slot: Slot | None) -> bytes:
    return _seal(shelf, _place(b"hl1 shelf", conversation), slot)


def open_shelf(sealed: bytes | memoryview | None, *, conversation: str, slot: Slot | None) -> bytes | None:
    return _open(bytes(sealed), _place(b"hl1 shelf", conversation), slot) if sealed else None


def seal_return(box: bytes, *, conversation: str, slot: Slot | None) -> bytes:
    """Seals the box that a return code opens. The secrets in this box are already sealed under a key that the
    server never had."""
    return _seal(box, _place(b"hl1 return", conversation), slot)


def open_return(sealed: bytes | memoryview, *, conversation: str, slot: Slot | None) -> bytes | None:
    return _open(bytes(sealed), _place(b"hl1 return", conversation), slot)


def seal_answer(answer: bytes, *, line: str, slot: Slot) -> bytes:
    """Seals an answer to questions about a conversation. The answer is opened when enough answers have been
    given (chat/figures/batches.py)."""
    return _seal(answer, _waiting_place(line), slot)


def open_answer(sealed: bytes, *, line: str, slot: Slot) -> bytes | None:
    return _open(sealed, _waiting_place(line), slot)


def _waiting_place(line: str) -> bytes:
    return b"hl1 waiting" + sha256(line.encode()).digest()


def _wrap_place(conversation: str, epoch: int, member: str) -> bytes:
    return _place(b"hl1 outer", conversation) + epoch.to_bytes(4) + encoding.decode(member)


def _place(label: bytes, conversation: str) -> bytes:
    return label + encoding.decode(conversation)


def _seal(plain: bytes, place: bytes, slot: Slot | None) -> bytes:
    """Returns `plain`, sealed with the slot's key. Raises TryAgain if the key is gone or its file is missing.
    In that case nothing has been stored, so nothing is lost."""
    key = _key_of(slot)
    if slot is None or key is None:
        raise TryAgain
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place + _instant(slot))


def _open(sealed: bytes, place: bytes, slot: Slot | None) -> bytes | None:
    key = _key_of(slot)
    if slot is None or key is None:
        return None
    nonce, closed = bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:])
    try:
        return AESGCM(key).decrypt(nonce, closed, place + _instant(slot))
    except InvalidTag:
        return None


def _key_of(slot: Slot | None) -> bytes | None:
    """Returns the key, or None if it is gone. Raises TryAgain if its folder cannot be read now: that must not
    close the connection of somebody who is in other conversations, too."""
    try:
        return slot_files.read(slot) if slot else None
    except OSError:
        raise TryAgain from None


def _instant(slot: Slot) -> bytes:
    """Returns the slot's hour in Unix seconds: the purge hour or, for the slot of a longer hold, the end of
    that hold."""
    return int(slot.hour.timestamp()).to_bytes(8)
