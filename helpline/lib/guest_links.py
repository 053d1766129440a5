"""A guest's link and PIN, derived from the server's secret: no table holds what opens the door.

The link goes from the outbox to the service's own contact, the PIN to who invites: nobody gets both.
"""

import hmac
from hashlib import sha256

from django.conf import settings

from helpline.lib import encoding
from helpline.lib.errors import BadFrame, NotFound

PIN_DIGITS = 6
TOKEN_BYTES = 32
_OF_THE_ID = 16  # an invitation's id comes first, so that the token leads to its row


def token(invitation: str) -> str:
    """All after `#` of the link."""
    return encoding.encode(encoding.decode(invitation) + _derive(invitation, b"link")[:_OF_THE_ID])


def address(invitation: str) -> str:
    return f"{settings.ORIGINS[0]}/guest/#{token(invitation)}"


def pin(invitation: str) -> str:
    number = int.from_bytes(_derive(invitation, b"pin")[:8]) % 10**PIN_DIGITS
    return f"{number:0{PIN_DIGITS}}"


def invitation_of(given: str) -> str:
    """The id that a right token leads to. NotFound for any other."""
    try:
        invitation = encoding.encode(encoding.decode(given, TOKEN_BYTES)[:_OF_THE_ID])
    except BadFrame:
        raise NotFound from None
    if not hmac.compare_digest(given, token(invitation)):
        raise NotFound
    return invitation


def is_pin(invitation: str, given: str) -> bool:
    return hmac.compare_digest(given.encode(), pin(invitation).encode())


def _derive(invitation: str, purpose: bytes) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"helpline guest " + purpose + b" " + invitation.encode(), sha256).digest()
