"""Implements sealing, version 1, for the test clients: boxes, rosters, wraps and history wraps. It imports
nothing from the platform, so that it is independent of the code under test. Sizes are bytes, integers are
big-endian, and every refusal of a reader is an `Unverified` with the reason in words."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MESSAGE, INTAKE, NOTE, BRIEF, CASE = 1, 2, 3, 4, 5
KINDS = {"message": MESSAGE, "intake": INTAKE, "note": NOTE, "brief": BRIEF}
ROLES = {"counsellor": 1, "colleague": 2, "partner": 3, "review": 4, "letters": 5}
SEATS_ROW = 2**32 - 1  # of the return box of a letter: which keys of the line sit in it
BUCKETS = (256, 512, 1024, 2048, 4096, 8192)
HEADER = 48
COMMITMENT = 32
TAG = 16
SIZES = frozenset(HEADER + COMMITMENT + bucket + TAG for bucket in BUCKETS)
LONGEST_TEXT = BUCKETS[-1] - 2
WRAP_SIZE = 113

_hpke = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Unverified(Exception):
    """The box or wrap could not be verified."""


class Seat(NamedTuple):
    """Represents a member as the roster names it: id (8), role in words, uncompressed P-256 point (65)."""

    member: bytes
    role: str
    key: bytes


class BoxKeys(NamedTuple):
    """Holds what HKDF gives for one box: key (32), nonce (12), commitment (32)."""

    key: bytes
    nonce: bytes
    commitment: bytes


@dataclass(frozen=True)
class DeviceKey:
    """Holds a P-256 pair for HPKE, as a browser keeps one per device (or a supervisor one per line, for
    review)."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def fresh(cls) -> Self:
        """Returns a new random pair."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_scalar(cls, scalar: bytes) -> Self:
        """Returns the pair of a known private scalar (32 bytes), as the vectors name it."""
        return cls(ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1()))

    @property
    def public(self) -> bytes:
        """Returns the uncompressed point, 65 bytes."""
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True)
class Item:
    """Holds one text with its permanent id; it is sealed again only for another epoch."""

    id: bytes
    kind: int
    text: str

    @classmethod
    def fresh(cls, text: str, kind: int = MESSAGE) -> Self:
        """Draws the id together with the text, so that no two texts can share one."""
        return cls(secrets.token_bytes(16), kind, text)

    def seal(self, secret: bytes, conversation: bytes, epoch: int, sender: bytes) -> bytes:
        """Returns the box of this text for one epoch."""
        return seal_box(secret, header(self.kind, conversation, epoch, sender, self.id), self.text)


def b64url(data: bytes) -> str:
    """Returns canonical base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64url(text: str) -> bytes:
    """Returns the bytes of canonical base64url. Raises ValueError for padding, foreign letters or loose end
    bits."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64url: {error}") from error
    if b64url(data) != text:
        raise ValueError("not canonical base64url")
    return data


def fresh_secret() -> bytes:
    """Returns an epoch secret: 32 random bytes."""
    return secrets.token_bytes(32)


def header(kind: int, conversation: bytes, epoch: int, sender: bytes, item: bytes) -> bytes:
    """Returns bytes 0-47 of a box. Lengths: conversation 16, sender 8, item (the id) 16."""
    if (len(conversation), len(sender), len(item)) != (16, 8, 16):
        raise ValueError("a header takes a conversation of 16, a sender of 8 and an id of 16 bytes")
    return bytes((1, 1, kind, 0)) + conversation + epoch.to_bytes(4) + sender + item


def derive(secret: bytes, head: bytes) -> BoxKeys:
    """Returns key, nonce and commitment of the box with this header under E_n."""
    hkdf = HKDF(algorithm=SHA256(), length=76, salt=bytes(32), info=b"hl1 msg" + head)
    stream = hkdf.derive(secret)
    return BoxKeys(stream[:32], stream[32:44], stream[44:])


def pad(text: str) -> bytes:
    """Returns length(2), UTF-8, and zeros up to the smallest bucket. Raises ValueError beyond 8,190 bytes."""
    data = text.encode()
    if len(data) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(data)} bytes does not fit in {LONGEST_TEXT}")
    bucket = next(size for size in BUCKETS if size >= len(data) + 2)
    return (len(data).to_bytes(2) + data).ljust(bucket, b"\0")


def unpad(plain: bytes) -> str:
    """Returns the text of a padded plaintext. Raises Unverified for a length, padding or UTF-8 that does not
    fit."""
    length = int.from_bytes(plain[:2])
    if length > len(plain) - 2:
        raise Unverified("length beyond the bucket")
    if any(plain[2 + length :]):
        raise Unverified("padding is not zero")
    try:
        return plain[2 : 2 + length].decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise Unverified("bad UTF-8") from error


def seal_box(secret: bytes, head: bytes, text: str) -> bytes:
    """Returns header, commitment, ciphertext: 352 to 8,288 bytes. The header may be a wrong one, for
    refusals."""
    return seal_plain(secret, head, pad(text))


def seal_plain(secret: bytes, head: bytes, plain: bytes) -> bytes:
    """Does the same as `seal_box` for a plaintext that is padded already, or badly, as a hostile client would
    send it."""
    keys = derive(secret, head)
    return head + keys.commitment + AESGCM(keys.key).encrypt(keys.nonce, plain, head)


def check_header(box: bytes, conversation: bytes, epoch: int, sender: bytes, item: bytes) -> int:
    """Returns the kind of a box that belongs to this entry, before any key is used. Raises Unverified
    otherwise."""
    if len(box) not in SIZES:
        raise Unverified(f"a size of {len(box)} bytes is not one of the six")
    if box[0] != 1 or box[1] != 1 or box[3] != 0:
        raise Unverified("version, suite or byte 3 is not ours")
    named = (box[4:20], int.from_bytes(box[20:24]), box[24:32], box[32:48])
    for what, found, expected in zip(
        ("conversation", "epoch", "sender", "id"), named, (conversation, epoch, sender, item), strict=True
    ):
        if found != expected:
            raise Unverified(f"the header's {what} differs from the entry's")
    return box[2]


def decrypt(secret: bytes, box: bytes) -> str:
    """Returns the text of a box whose header was checked. Raises Unverified for a wrong commitment, tag or
    plaintext."""
    head, commitment = box[:HEADER], box[HEADER : HEADER + COMMITMENT]
    keys = derive(secret, head)
    if not hmac.compare_digest(keys.commitment, commitment):
        raise Unverified("the commitment differs")
    try:
        plain = AESGCM(keys.key).decrypt(keys.nonce, box[HEADER + COMMITMENT :], head)
    except InvalidTag as error:
        raise Unverified("the box does not open") from error
    return unpad(plain)


def open_box(
    secret: bytes,
    box: bytes,
    *,
    conversation: bytes,
    epoch: int,
    sender: bytes,
    item: bytes,
    kinds: Collection[int] = (MESSAGE, INTAKE, NOTE, BRIEF, CASE),
) -> tuple[int, str]:
    """Returns kind and text of a box, with every refusal that needs no log; `kinds` are those that fit the
    entry."""
    kind = check_header(box, conversation, epoch, sender, item)
    if kind not in kinds:
        raise Unverified(f"kind {kind} does not fit the entry")
    return kind, decrypt(secret, box)


def roster_hash(conversation: bytes, epoch: int, seats: Iterable[Seat]) -> bytes:
    """Returns SHA-256 over the granted members, sorted by id: who, in which role, with which key."""
    rows = sorted(seats, key=lambda seat: seat.member)
    roster = b"".join(seat.member + bytes((ROLES[seat.role],)) + seat.key for seat in rows)
    return sha256(b"hl1 roster" + conversation + epoch.to_bytes(4) + roster).digest()


def wrap(secret: bytes, conversation: bytes, epoch: int, seat: Seat, roster: bytes) -> bytes:
    """Returns E_n for one granted member, bound to the roster's hash; 113 bytes."""
    return _wrap(secret, seat.key, _wrap_info(conversation, epoch, seat.member, roster))


def open_wrap(
    device: DeviceKey, wrapped: bytes, conversation: bytes, epoch: int, member: bytes, *, roster: bytes
) -> bytes:
    """Returns E_n from a wrap. Raises Unverified if roster, epoch, member, conversation or key differ."""
    return _unwrap(device, wrapped, _wrap_info(conversation, epoch, member, roster))


def wrap_history(secret: bytes, conversation: bytes, epoch: int, seat: Seat) -> bytes:
    """Returns an earlier E_k for a newcomer; 113 bytes."""
    return _wrap(secret, seat.key, _history_info(conversation, epoch, seat.member))


def open_history(device: DeviceKey, wrapped: bytes, conversation: bytes, epoch: int, member: bytes) -> bytes:
    """Returns E_k from a history wrap. Raises Unverified as `open_wrap` does."""
    return _unwrap(device, wrapped, _history_info(conversation, epoch, member))


def seal_review(review: DeviceKey, key: bytes, line: str, generation: int) -> bytes:
    """Returns a line's review key for the device of this public key; 113 bytes."""
    scalar = review.private.private_numbers().private_value.to_bytes(32)
    return _wrap(scalar, key, _review_info(line, generation, review.public))


def open_review(device: DeviceKey, share: bytes, line: str, generation: int, public: bytes) -> DeviceKey:
    """Returns the review key from a share. Raises Unverified if device, line, generation or point differ."""
    review = DeviceKey.from_scalar(_unwrap(device, share, _review_info(line, generation, public)))
    if review.public != public:
        raise Unverified("the scalar of another point")
    return review


def open_letters(device: DeviceKey, share: bytes, line: str, generation: int, public: bytes) -> DeviceKey:
    """Returns the letters key from a share. Raises Unverified as `open_review` does."""
    info = b"hl1 letters\x01" + sha256(line.encode()).digest() + generation.to_bytes(4) + public
    letters = DeviceKey.from_scalar(_unwrap(device, share, info))
    if letters.public != public:
        raise Unverified("the scalar of another point")
    return letters


def seats_hash(letters: bytes, review: bytes) -> bytes:
    """Returns the hash that a letter's return box has of the keys that were checked at its start."""
    return sha256(b"hl1 seats" + letters + review).digest()


def _review_info(line: str, generation: int, public: bytes) -> bytes:
    return b"hl1 review" + sha256(line.encode()).digest() + generation.to_bytes(4) + public


def _wrap_info(conversation: bytes, epoch: int, member: bytes, roster: bytes) -> bytes:
    return b"hl1 wrap" + conversation + epoch.to_bytes(4) + member + roster


def _history_info(conversation: bytes, epoch: int, member: bytes) -> bytes:
    return b"hl1 hist" + conversation + epoch.to_bytes(4) + member


def _wrap(secret: bytes, key: bytes, info: bytes) -> bytes:
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    return _hpke.encrypt(secret, public, info)


def _unwrap(device: DeviceKey, wrapped: bytes, info: bytes) -> bytes:
    if len(wrapped) != WRAP_SIZE:
        raise Unverified(f"a wrap of {len(wrapped)} bytes")
    try:
        return _hpke.decrypt(wrapped, device.private, info)
    except (InvalidTag, ValueError) as error:
        raise Unverified("the wrap does not open") from error


def return_half(code: str, label: str) -> bytes:
    """Derives half of a return code of 20 capitals: `"hl1 return token"` for the server, `"hl1 return key"`
    for the box."""
    return HKDF(SHA256(), 32, bytes(32), label.encode()).derive(code.encode())


def seal_return(code: str, conversation: bytes, epochs: Mapping[int, bytes]) -> bytes:
    """Seals all epoch secrets for whoever has the code."""
    nonce, rows = secrets.token_bytes(12), b"".join(n.to_bytes(4) + secret for n, secret in epochs.items())
    key = AESGCM(return_half(code, "hl1 return key"))
    return nonce + key.encrypt(nonce, rows, b"hl1 return" + conversation)


def open_return(code: str, conversation: bytes, box: bytes) -> dict[int, bytes]:
    """Opens them. Raises Unverified for another code or conversation."""
    try:
        key = AESGCM(return_half(code, "hl1 return key"))
        rows = key.decrypt(box[:12], box[12:], b"hl1 return" + conversation)
    except InvalidTag:
        raise Unverified("a box of another code") from None
    return {int.from_bytes(rows[at : at + 4]): rows[at + 4 : at + 36] for at in range(0, len(rows), 36)}


def open_challenge(device: DeviceKey, name: str, box: bytes) -> bytes:
    """Returns the secret of a `prove` box; `name` is the device's id, or a guest's member."""
    return _unwrap(device, box, b"hl1 prove" + sha256(name.encode()).digest())
