"""Plays an authenticator: it answers as a browser would, or as a thief would want."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

from helpline.lib import encoding

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """Holds one key pair. It `counts` signatures as most security keys do, or stays at 0 as most phones
    do."""

    def __init__(self, host: str = "hulp.example", *, counts: bool = True) -> None:
        self.host = host
        self.origin = f"https://{host}"
        self.counts = counts
        self.count = 0
        self.flags = PRESENT | VERIFIED
        self.credential = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """Returns the answer to a request for a new passkey."""
        point = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + encode_cbor(cose)
        facts = self._facts(ATTESTED) + attested
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": facts})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=statement)

    def sign(self, options: str) -> str:
        """Returns the answer to a challenge."""
        facts, client = self._facts(), self._client("webauthn.get", options)
        signature = self._key.sign(facts + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=facts, signature=signature)

    def _facts(self, more: int = 0) -> bytes:
        self.count += self.counts
        flags = self.flags | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, action: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        said = {"type": action, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        name = encoding.encode(self.credential)
        response = {part: encoding.encode(value) for part, value in parts.items()}
        answer: dict[str, Any] = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(answer)
