"""Checks whether a running site serves exactly what its signed manifest lists. It fetches the site as several
different visitors, in several languages."""

import gzip
import http.client
import json
import re
import ssl
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import brotli

from chat.administration import manifest
from chat.administration.manifest import Manifest

TIMEOUT_SECONDS = 15
MAX_ANSWER_BYTES = 8 * 2**20
WELL_KNOWN = "/.well-known/webcat/manifest.json"
# The site is fetched with the headers of several visitors, because an attacker could serve a changed page to
# some people only.
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36"
STRANGERS = (
    {"Accept-Language": "nl-NL,nl;q=0.9", "User-Agent": IPHONE, "Accept-Encoding": "gzip, deflate, br"},
    {"Accept-Language": "en-GB", "User-Agent": FIREFOX, "Accept-Encoding": "gzip"},
    {"Accept-Language": "ar", "User-Agent": CHROME},
)
FORBIDDEN = ("Refresh", "Link", "Set-Cookie")
ERRORS = ("/-/", "/nowhere-at-all/", "/api/lines/nowhere/", "/app/x/none.js")


class Named:
    """Collects the roots and the lowest serials that the callers' pages name."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, ...], str] = {}

    def note(self, path: str, body: bytes) -> None:
        if b'id="begin"' in body:  # on this page callers can begin a conversation
            self.seen.setdefault(manifest.named_in(body), path)

    def roots(self) -> list[str]:
        """Returns the roots that the pages name, or [] if the pages name no roots or if two pages name
        different roots."""
        return next(iter(self.seen))[0].split() if len(self.seen) == 1 and all(self.seen) else []

    def differences(self, expected: Collection[str] | None, serial: int | None = None) -> Iterator[str]:
        """Yields a sentence for each difference between the pages and what the operator wrote down: the roots
        (`expected`), and the serial number of the last signing session (`serial`)."""
        if len(self.seen) > 1:
            yield f"{', '.join(self.seen.values())}: name other roots than each other"
        if expected is None and self.roots():
            yield "the pages name roots, and there is nothing to compare them with: --root"
        if expected is not None and set(self.roots()) != set(expected):
            yield "the pages name other roots than those that were written down"
        lowest = [int(named[1]) for named in self.seen if len(named) == 2 and named[1].isdecimal()]
        if serial is not None and any(number < serial for number in lowest):
            yield "the pages take scopes of before the last signing session"


def differences(
    url: str,
    expected: Manifest,
    roots: Collection[str] | None = None,
    serial: int | None = None,
    named: Named | None = None,
) -> Iterator[str]:
    """Yields a sentence for each difference between the site and the signed manifest, and between its pages
    and the `roots` and `serial` that the operator wrote down."""
    named = named or Named()
    with closing(Site(url)) as site:
        yield from _differences(site, expected, named)
    yield from named.differences(roots, serial)


def _differences(site: "Site", expected: Manifest, named: Named) -> Iterator[str]:
    for number, path in enumerate(sorted(expected["files"])):
        is_page = not path.startswith("/app/")
        for stranger in STRANGERS if is_page else (STRANGERS[0], STRANGERS[1 + number % 2]):
            status, headers, body = site.get(path, stranger)
            if status != (404 if path == expected["default_fallback"] else 200):
                yield f"{path}: answers {status}"
            elif manifest.digest_at(path, content := _unpacked(headers, body)) != expected["files"][path]:
                yield f"{path}: other bytes than were signed, for {stranger['Accept-Language']}"
            else:
                named.note(path, content)
            yield from _rules(path, headers, expected)
    for path in ERRORS:
        status, headers, _ = site.get(path, STRANGERS[0])
        if status != http.client.NOT_FOUND:
            yield f"{path}: answers {status}, where nothing is"
        yield from _rules(path, headers, expected)


def _unpacked(headers: http.client.HTTPMessage, body: bytes) -> bytes:
    """Returns the decompressed body, which is what a browser runs, or b"" if it cannot be decompressed."""
    try:
        match headers.get("Content-Encoding", ""):
            case "br":
                return bytes(brotli.decompress(body))
            case "gzip":
                return gzip.decompress(body)
    except (brotli.error, OSError, EOFError, zlib.error):
        return b""
    return body


def _rules(path: str, headers: http.client.HTTPMessage, expected: Manifest) -> Iterator[str]:
    """Yields a sentence if the Content Security Policy differs from the signed one, and for each header that
    is forbidden or redirects to another site."""
    policies = headers.get_all("Content-Security-Policy") or []
    if policies != [expected["default_csp"]]:
        yield f"{path}: another policy than was signed"
    yield from (f"{path}: sends {name}" for name in FORBIDDEN if name in headers)
    if re.match(r"[a-z]+:|//", headers.get("Location", ""), re.IGNORECASE):
        yield f"{path}: leads to another site"


def signed_of(url: str) -> dict[str, Any]:
    """Returns the signed manifest that the site itself serves. Raises OSError or ValueError if there is
    none."""
    with closing(Site(url)) as site:
        status, headers, body = site.get(WELL_KNOWN, STRANGERS[0])
    if status != http.client.OK:
        raise OSError(f"{WELL_KNOWN} answers {status}")
    found: dict[str, Any] = json.loads(_unpacked(headers, body))
    return found


class Site:
    """Fetches from one site over a connection that it keeps open."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.host = place.netloc
        if place.scheme == "https":
            context = ssl.create_default_context()
            self.connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                place.hostname or "", place.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            self.connection = http.client.HTTPConnection(
                place.hostname or "", place.port, timeout=TIMEOUT_SECONDS
            )

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
        try:
            self.connection.request("GET", path, headers=headers)
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read(MAX_ANSWER_BYTES)
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            self.connection.request("GET", path, headers=headers)
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read(MAX_ANSWER_BYTES)
