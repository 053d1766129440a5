"""Implements an attacker and an honest browser from the contract alone, without the platform's code. Signing
in, HPKE (RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM) and the frames are implemented here
again, so that a mistake cannot hide in both the platform and its test clients."""

import base64
import hmac
import http.client
import json
import re
import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

STEP = 30
SUITE = b"HPKE" + (0x0010).to_bytes(2) + (0x0001).to_bytes(2) + (0x0002).to_bytes(2)
KEM = b"KEM" + (0x0010).to_bytes(2)
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Key:
    """Holds a pair on P-256, as a browser stores one."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def fresh(cls) -> Self:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def of(cls, scalar: bytes) -> Self:
        return cls(ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1()))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, box: bytes, name: str) -> bytes | None:
        """Returns the content of the box in `prove` that was made for the device or guest of that name, or
        nothing."""
        point, sealed = box[:65], box[65:]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _shared(self.private.exchange(ec.ECDH(), sender), point + self.public)
        info = b"hl1 prove" + sha256(name.encode()).digest()
        context = b"\0" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
        secret = _extract(SUITE, shared, b"secret", b"")
        key = _expand(SUITE, secret, b"key", context, 32)
        nonce = _expand(SUITE, secret, b"base_nonce", context, 12)
        try:
            return AESGCM(key).decrypt(nonce, sealed, b"")
        except InvalidTag:
            return None


def _shared(secret: bytes, points: bytes) -> bytes:
    return _expand(KEM, _extract(KEM, b"", b"eae_prk", secret), b"shared_secret", points, 32)


def _extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\1", "sha256")[:length]


@dataclass
class Browser:
    """Represents somebody who gave both factors, or a thief who has the same."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, person: dict[str, Any]) -> Self:
        """Fills in the two forms, with a code of a step that was not used before."""
        secret = {"username": person["username"], "password": person["password"]}
        _, address = self._send("/login/", self._fields("/login/") | secret)
        for _ in range(4):
            step = int(time.time()) // STEP
            fields = self._fields(address) | {"code": _six_digits(person["totp_secret"], step)}
            status, _ = self._send(address, fields)
            if status == http.HTTPStatus.FOUND:
                return self
            time.sleep((step + 1) * STEP - time.time() + 0.1)
        raise RuntimeError(f"{person['username']} was not let in")

    def console(self) -> "Socket":
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return Socket(self.url, "/ws/console/", cookie)

    def _fields(self, path: str) -> dict[str, str]:
        inputs = [dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(self._ask("GET", path)[1])]
        return {one["name"]: one.get("value", "") for one in inputs if "name" in one}

    def _send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        status, _, address = self._ask("POST", path, urlencode(fields))
        return status, address or path

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        place = urlsplit(self.url)
        opened = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Origin": self.url, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            opened.request(method, path, body, headers)
            answer = opened.getresponse()
            page = answer.read().decode()
        finally:
            opened.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page, answer.headers.get("Location") or ""


def _six_digits(secret: str, step: int) -> str:
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


class Socket(AbstractContextManager["Socket"]):
    """Represents one socket: a request, and its one answer."""

    def __init__(self, url: str, path: str, cookie: str = "") -> None:
        self.refs = 0
        self.ends = ExitStack()
        opening = connect(
            url.replace("http", "ws", 1) + path,
            origin=Origin(url),
            subprotocols=[Subprotocol("helpline.v1")],
            additional_headers={"Cookie": cookie} if cookie else {},
            proxy=None,
        )
        self.wire: ClientConnection = self.ends.enter_context(opening)

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Returns the ok or the error."""
        self.refs += 1
        self.wire.send(json.dumps({"type": kind, "ref": str(self.refs), **fields}))
        while True:
            frame: dict[str, Any] = json.loads(self.wire.recv(timeout=10))
            if frame.get("ref") == str(self.refs):
                return frame

    def code(self, kind: str, **fields: Any) -> str:
        """Returns the code of the refusal, or `ok`."""
        answer = self.ask(kind, **fields)
        return str(answer["code"]) if answer["type"] == "error" else "ok"

    def prove(self, secret: bytes) -> str:
        return self.code("prove", secret=to_text(secret))

    def close(self) -> None:
        self.ends.close()

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True)
class Box:
    """Holds a challenge, and for which request it was made."""

    name: str
    box: bytes

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Returns the challenge of `hello`, `enrol`, or `desk`."""
        name = answer["device"]["id"] if "device" in answer else answer["member"]
        return cls(name, to_bytes(answer["prove"]))

    def opened_by(self, key: Key) -> bytes:
        secret = key.open(self.box, self.name)
        assert secret is not None, "an honest browser opens what was sealed for it"
        return secret
