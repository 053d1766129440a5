"""Checks telephone numbers that people type."""

import re

from helpline.lib.errors import BadFrame

_NUMBER = re.compile(r"\+?[0-9]([ -]?[0-9]){2,}")


class NoNumber(BadFrame):
    """A telephone number has three digits or more, with spaces or hyphens between, like `020-123 45 67`."""


def fits(value: str) -> bool:
    """Returns whether a text is empty or a telephone number."""
    return not value or bool(_NUMBER.fullmatch(value))


def require(value: str) -> None:
    """Raises NoNumber for a text that is neither empty nor a telephone number."""
    if not fits(value):
        raise NoNumber
