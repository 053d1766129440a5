"""Derives a guest's link (signed_links.py) and PIN from the server's secret, so that no table holds what
admits a guest.

The outbox sends the link to the service's own contact, and the inviter sees the PIN, so nobody gets both.
"""

import hmac
from hashlib import sha256

from django.conf import settings

from helpline.lib import signed_links

PURPOSE = "guest"
PIN_DIGITS = 6


def token(invitation: str) -> str:
    """Returns the token that follows `#` in the link."""
    return signed_links.token(PURPOSE, invitation)


def address(invitation: str) -> str:
    return f"{settings.ORIGINS[0]}/guest/#{token(invitation)}"


def invitation_of(given: str) -> str:
    """Returns the id in a valid token. Raises NotFound for any other."""
    return signed_links.name_in(PURPOSE, given)


def pin(invitation: str) -> str:
    message = b"helpline guest pin " + invitation.encode()
    number = int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), message, sha256).digest()[:8])
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"


def is_pin(invitation: str, given: str) -> bool:
    return hmac.compare_digest(given.encode(), pin(invitation).encode())
