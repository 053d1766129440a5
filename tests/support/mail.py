"""Reads the mails of the demo, which are files in its folder."""

import asyncio
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.platform import Platform


class Inbox:
    """Holds the mails that come from now on."""

    def __init__(self, platform: Platform) -> None:
        self._folder = platform.var / "mail"
        self._known = set(self._files())

    async def letter(self, within: float = 20) -> EmailMessage:
        """Returns the next mail. Raises TimeoutError if none comes."""
        for _ in range(int(within * 20)):
            for path in self._files():
                if path not in self._known:
                    self._known.add(path)
                    return _read(path)
            await asyncio.sleep(0.05)
        raise TimeoutError

    async def link(self) -> str:
        """Returns the address in the next mail."""
        found = re.search(r"http\S+/guest/#\S+", text_of(await self.letter()))
        assert found is not None
        return found[0]

    def _files(self) -> list[Path]:
        return sorted(path for path in self._folder.glob("*") if path.stat().st_size)


def _read(path: Path) -> EmailMessage:
    letter = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content())


def token_of(link: str) -> str:
    return urlsplit(link).fragment
