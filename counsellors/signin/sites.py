"""Decides where passkeys are possible: a browser makes them for a host name over TLS, or for `localhost`.

Passkeys do not work with an IP address. If no configured origin is suitable, they are neither shown nor
demanded.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Site:
    """Describes a site of WebAuthn: its rp id (`host`), and the origins that may ask for its passkeys."""

    host: str
    origins: tuple[str, ...]


def site_of(host: str) -> Site | None:
    """Returns the site of a request's host, with or without a port; None if it can have no passkeys."""
    name = urlsplit(f"//{host}").hostname
    origins = tuple(origin for origin in settings.ORIGINS if _name(origin) == name and _is_fit(origin))
    return Site(name, origins) if name and origins else None


def possible() -> bool:
    """Returns whether any configured origin can have passkeys."""
    return bool(hosts())


def hosts() -> set[str]:
    """Returns the host names of the configured origins that can have passkeys."""
    return {_name(origin) for origin in settings.ORIGINS if _is_fit(origin)}


def _is_fit(origin: str) -> bool:
    name = _name(origin)
    if not name or _is_address(name):
        return False
    return urlsplit(origin).scheme == "https" or name == "localhost"


def _name(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
