"""Checks an installation from outside: through its proxy, with the requests of a browser whose user is not
signed in."""

import http.client
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from chat.administration.findings import Finding

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 2**20  # how much of a response is read
MIN_CERTIFICATE_LEFT = timedelta(days=14)
RENEW = "renew it, look why it was not, and run `helpline certificate` if the proxy has a copy of yours"
YEAR_SECONDS = 31_536_000
PLAIN_PORT = 80
EXPECTED = {
    "Strict-Transport-Security": rf"max-age={YEAR_SECONDS}; includeSubDomains",
    "Content-Security-Policy": r"default-src 'none'.*",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": r".*camera=\(\).*microphone=\(\).*",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
COOKIE_FLAGS = ("secure", "httponly", "samesite=strict")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


def look(url: str, now: datetime) -> Iterator[Finding]:
    """Yields the findings of all checks, one by one. Stops early if the URL is not an https address, if no
    TLS connection can be made, if a browser would not trust the certificate, or if the server does not know
    the name: all other answers would then mislead."""
    place = urlsplit(url)
    if place.scheme != "https" or not place.hostname:
        yield Finding("address", url, "give the one that callers have: https://…")
        return
    try:
        yield certificate(expiry(place), now)
    except OSError as error:
        why = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
        advice = "look at the proxy: its name, its chain, its port; then the other checks can be made, too"
        yield Finding("certificate", f"browsers cannot rely on it ({why.rstrip('.')})", advice)
        return
    if _is_unknown(place):
        advice = (
            f"put https://{place.hostname} into HELPLINE_ORIGINS on the server, and restart its processes; "
            "then the other checks can be made, too"
        )
        yield Finding("address", f"the server does not know {place.hostname}", advice)
        return
    for check in (redirect, headers, cookies, metrics, admin, readiness):
        try:
            yield check(place)
        except (OSError, http.client.HTTPException) as error:
            yield Finding(check.__name__, type(error).__name__, "look whether proxy and server run")


def certificate(expiry: datetime, now: datetime) -> Finding:
    words = f"until {expiry:%Y-%m-%d}"
    return Finding(
        "certificate",
        words,
        "" if expiry - now > MIN_CERTIFICATE_LEFT else RENEW,
    )


def redirect(place: SplitResult) -> Finding:
    """Checks that plain HTTP only redirects to HTTPS."""
    try:
        answer = _get(
            http.client.HTTPConnection(place.hostname or "", PLAIN_PORT, timeout=TIMEOUT_SECONDS), "/"
        )
    except OSError:
        return Finding("redirect", "nothing answers without TLS")
    to = urlsplit(answer.headers.get("Location", ""))
    if 300 <= answer.status < 400 and (to.scheme, to.hostname) == ("https", place.hostname):
        return Finding("redirect", "from http to https")
    return Finding("redirect", f"{answer.status} without TLS", "let the proxy redirect all of http to https")


def headers(place: SplitResult) -> Finding:
    """Checks the security headers, because a proxy may drop them or add its own."""
    sent, expects = _ask(place, "/").headers, EXPECTED
    if not _has_callers(place):
        expects = EXPECTED | {"Referrer-Policy": "same-origin"}  # the staff's forms must send a referrer
    wrong = [
        name
        for name, expected in expects.items()
        if len(found := sent.get_all(name, [])) != 1 or not re.fullmatch(expected, found[0])
    ]
    if wrong:
        return Finding(
            "headers", ", ".join(wrong), "let the proxy pass on what the server sends, and add none"
        )
    return Finding("headers", "as the server sends them")


def cookies(place: SplitResult) -> Finding:
    """Checks that callers get no cookie, and that each cookie for staff is Secure, HttpOnly and
    SameSite=Strict."""
    if _has_callers(place) and _ask(place, "/").headers.get_all("Set-Cookie"):
        return Finding("cookies", "a caller gets one", "look at the proxy: the server sets none there")
    loose = [
        row.split("=")[0]
        for row in _ask(place, "/login/").headers.get_all("Set-Cookie", [])
        if not set(COOKIE_FLAGS) <= {part.strip().lower() for part in row.split(";")}
    ]
    if loose:
        words = f"{', '.join(loose)} without {', '.join(COOKIE_FLAGS)}"
        return Finding("cookies", words, "do not serve a demo; let the proxy leave cookies alone")
    return Finding("cookies", "none for callers, guarded for staff")


def metrics(place: SplitResult) -> Finding:
    if _ask(place, "/metrics").status == http.client.NOT_FOUND:
        return Finding("metrics", "not there for strangers")
    return Finding("metrics", "anybody reads them", "let the proxy add X-Forwarded-For to what it passes on")


def admin(place: SplitResult) -> Finding:
    answer = _ask(place, "/admin/")
    if answer.status == http.client.NOT_FOUND:
        return Finding("admin", "not there for strangers")
    if answer.status == http.client.FOUND and urlsplit(answer.headers["Location"]).path == "/login/":
        return Finding("admin", "behind the sign-in")
    return Finding("admin", f"answers {answer.status} to a stranger", "look at what the proxy serves there")


def readiness(place: SplitResult) -> Finding:
    answer = _ask(place, "/readyz")
    if answer.status == http.client.NOT_FOUND:
        return Finding("readiness", "not there for strangers")
    if answer.text not in {"ready", "not ready"}:
        return Finding(
            "readiness", "tells a stranger why", "let the proxy add X-Forwarded-For to what it passes on"
        )
    return Finding(
        "readiness",
        answer.text,
        "" if answer.status == http.client.OK else "run `helpline check` on the host",
    )


def _is_unknown(place: SplitResult) -> bool:
    """Returns whether the server refuses this host name (Django's ALLOWED_HOSTS)."""
    try:
        return _ask(place, "/").status == http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False  # the other checks report it


def _has_callers(place: SplitResult) -> bool:
    """Returns whether the host has a page for callers. A host that serves only staff has no such page."""
    return _ask(place, f"/{settings.LANGUAGE_CODE}/").status != http.client.NOT_FOUND


def expiry(place: SplitResult, timeout_seconds: float = TIMEOUT_SECONDS) -> datetime:
    """Returns when the certificate expires. Raises OSError if nothing answers, or if a browser would refuse
    the certificate."""
    connection = _connection(place, timeout_seconds)
    connection.connect()
    try:
        found: Any = connection.sock.getpeercert()
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    finally:
        connection.close()


def _connection(place: SplitResult, timeout_seconds: float = TIMEOUT_SECONDS) -> http.client.HTTPSConnection:
    return http.client.HTTPSConnection(
        place.hostname or "", place.port or 443, timeout=timeout_seconds, context=ssl.create_default_context()
    )


def _ask(place: SplitResult, path: str) -> Answer:
    return _get(_connection(place), path)


def _get(connection: http.client.HTTPConnection, path: str) -> Answer:
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read(MAX_ANSWER_BYTES).decode(errors="replace"))
    finally:
        connection.close()
