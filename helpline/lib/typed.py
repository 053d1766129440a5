"""Names our commands so that the reader can type them."""

import re
from typing import Final

from django.conf import settings

_COMMAND: Final = re.compile(r"`helpline (?=[a-z-])")


def as_typed_here(sentence: str) -> str:
    """Replaces every `helpline …` in backquotes by what works here: a checkout has no such command."""
    return _COMMAND.sub(f"`{settings.TYPED} ", sentence)
