"""Writes commands in messages as the reader has to type them on this installation."""

import re
from typing import Final

from django.conf import settings

_COMMAND: Final = re.compile(r"`helpline (?=[a-z-])")


def as_typed_here(sentence: str) -> str:
    """Replaces every `helpline …` in backquotes by the command that works here, because a checkout has no
    `helpline`."""
    return _COMMAND.sub(f"`{settings.TYPED} ", sentence)
