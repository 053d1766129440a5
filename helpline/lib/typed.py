"""How a sentence names a command of ours, so that whoever reads it can type it."""

import re
from typing import Final

from django.conf import settings

_COMMAND: Final = re.compile(r"`helpline (?=[a-z-])")


def as_typed_here(sentence: str) -> str:
    """Every `helpline …` in backquotes, as it is typed here: in a checkout there is no such command."""
    return _COMMAND.sub(f"`{settings.TYPED} ", sentence)
