"""Derives a guest's link (signed_links.py) and PIN from the server's secret, so that no table contains
anything that lets a guest in.

The outbox sends the link to the service's own contact, and the inviter sees the PIN, so nobody gets both.
"""

import hmac

from django.conf import settings

from helpline.lib import server_secret, signed_links

PURPOSE = "guest"
PIN_DIGITS = 6


def token(invitation: str) -> str:
    """Returns the token that follows `#` in the link."""
    return signed_links.token(PURPOSE, invitation)


def address(invitation: str) -> str:
    return f"{settings.ORIGINS[0]}/guest/#{token(invitation)}"


def invitation_of(given: str) -> str:
    """Returns the id in a valid token. Raises NotFound for any other token."""
    return signed_links.name_in(PURPOSE, given)


def pin(invitation: str) -> str:
    return _pins(invitation)[0]


def is_pin(invitation: str, given: str) -> bool:
    return any(hmac.compare_digest(given.encode(), one.encode()) for one in _pins(invitation))


def _pins(invitation: str) -> list[str]:
    """Returns the PIN under each accepted secret, beginning with the secret in use."""
    numbers = [int.from_bytes(mark[:8]) for mark in server_secret.marks(f"helpline guest pin {invitation}")]
    return [f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}" for number in numbers]
