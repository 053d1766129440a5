"""Writes commands and pages in messages as the reader has to type them on this installation."""

import re
from pathlib import Path
from typing import Final

from django.conf import settings

PAGES = Path("/usr/share/doc/helpline")
_PAGE: Final = re.compile(r"\bdocs/(?=[a-z-]+\.md)")
_COMMAND: Final = re.compile(r"`helpline (?=[a-z-])")


def as_typed_here(sentence: str) -> str:
    """Replaces every `helpline …` in backquotes by the command that works here, because a checkout has no
    `helpline`. Where the Debian package is installed, replaces docs/ by the folder in which it has the
    pages."""
    sentence = _COMMAND.sub(f"`{settings.TYPED} ", sentence)
    return _PAGE.sub(f"{PAGES}/", sentence) if not settings.CHECKOUT and PAGES.is_dir() else sentence
