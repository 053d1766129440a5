"""Encodes and decodes canonical base64url without padding (RFC 4648, section 5), and makes random ids in that
form."""

import base64
import binascii
import secrets

from helpline.lib.errors import BadFrame

ID_BYTES = 16
MEMBER_BYTES = 8


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, size: int | None = None) -> bytes:
    """Returns the bytes of `text`. Raises BadFrame when it is not canonical or not `size` bytes long."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadFrame from error
    # Python's decoder ignores foreign characters and spare bits. Two texts for one value would defeat
    # every comparison of the texts.
    if encode(data) != text or (size is not None and len(data) != size):
        raise BadFrame
    return data


def new_id(size: int = ID_BYTES) -> str:
    """Returns a random id. It never begins with a hyphen, which a command line would read as an option."""
    while (made := encode(secrets.token_bytes(size))).startswith("-"):
        pass
    return made
