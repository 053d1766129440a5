"""Writes the manifest: the digests of everything that a callers' host serves. Browsers and monitors compare
the site with the manifest.

The manifest has the format that WEBCAT defines (github.com/freedomofpress/webcat-spec, "Manifest"): each path
with the SHA-256 of its content, and one Content Security Policy for all paths. After an installation has been
enrolled in WEBCAT, browsers with the WEBCAT extension refuse any page that differs from the signed one. Every
caller gets the same pages, until there is a new release, a new line or a new URL of a line.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client

from chat.lines import addresses, sentences
from chat.models import Line
from chat.views.lines import GUIDE
from helpline import __version__, frontend, languages

FALLBACK = "/-/"  # an address at which nothing is served
# The two lines that name the roots are matched only directly after this `color-scheme` line. If they were
# elsewhere in a page, a browser might miss them, or might find other lines of this form first.
NAMED = re.compile(
    rb'(<meta name="color-scheme" content="light dark">)'
    rb'\n  <meta name="helpline-roots" content="([\w -]*)">\n  <meta name="helpline-serial" content="(\d*)">'
)

type Manifest = dict[str, Any]


class NotSigned(Exception):
    """The manifest bears no signature by this key, or was changed after it was signed."""


def write(host: str, app: str) -> Manifest:
    """Returns the manifest of what this installation serves to everybody at `host`. `app` is the project's
    URL."""
    client = Client(headers={"Host": host})
    files = {
        path: digest_at(path, client.get(path, secure=True).content) for path in sorted(addresses_of(host))
    }
    return {
        "app": app,
        "version": f"{__version__} {frontend.release()}",
        "default_csp": client.get(_index(), secure=True).headers["Content-Security-Policy"],
        "files": files,
        "default_index": _index(),
        "default_fallback": FALLBACK,
        # This is empty until the operator adds a Sigsum tree head (docs/trust.md).
        "timestamp": "",
    }


def addresses_of(host: str) -> Iterator[str]:
    """Yields the path of every page and of every served file. A host that belongs to one line serves the
    pages of that line only."""
    yield from ("/", FALLBACK, "/embed.js")
    own = addresses.line_of_host(host)
    for language in languages.codes():
        yield f"/{language}/"
        for line in Line.objects.real() if own is None else [own]:
            if sentences.speaks(line, language):
                yield from (f"/{language}/{line.path}/", f"/{language}/{line.path}/{GUIDE}/")
    yield from (f"/app/{frontend.release()}/{name}" for name in frontend.files())


def _index() -> str:
    return f"/{settings.LANGUAGE_CODE}/"


def digest(content: bytes) -> str:
    """Returns SHA-256 in base64url without padding."""
    return _text(hashlib.sha256(content).digest())


def digest_at(path: str, content: bytes) -> str:
    """Returns the digest of a path's content. A page is hashed without the two lines that name the roots.

    Those lines change with each signing session, and are compared separately.
    """
    return digest(content if path.startswith("/app/") else NAMED.sub(rb"\1", content, count=1))


def named_in(content: bytes) -> tuple[str, ...]:
    """Returns the roots and the lowest accepted serial from the two lines of the page that name them, or ()
    if the page has no such lines."""
    found = NAMED.search(content)
    return (found[2].decode(), found[3].decode()) if found else ()


def canonical(manifest: Manifest) -> bytes:
    """Returns the bytes that are signed: the manifest in canonical JSON (RFC 8785). Only the rules of RFC
    8785 that matter for strings are implemented."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(manifest: Manifest, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Returns the manifest with its Ed25519 signature (RFC 8032), stored under the key's public half."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"manifest": manifest, "signatures": {_text(public): _text(key.sign(canonical(manifest)))}}


def require_signed(signed: dict[str, Any], public: str) -> Manifest:
    """Returns the manifest if this public key (32 bytes in base64url) signed it. Raises NotSigned
    otherwise."""
    try:
        signature, manifest = signed["signatures"][public], signed["manifest"]
        Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), canonical(manifest))
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise NotSigned from error
    found: Manifest = manifest
    return found


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
