"""Represents one window of a browser that Playwright does not drive, as far as a caller's main path needs
it."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, Self

WITHIN = 20.0  # seconds


class Window(ABC):
    """Represents a tab in a profile of its own."""

    @abstractmethod
    async def goto(self, url: str) -> None:
        """Opens an address as if it was typed."""

    @abstractmethod
    async def run(self, expression: str) -> Any:
        """Returns the value of an expression in the page, as JSON."""

    @abstractmethod
    async def press(self, selector: str) -> None:
        """Presses with a real pointer, so that what only a press allows, such as a sound, is allowed."""

    @abstractmethod
    async def reload(self) -> None: ...

    @abstractmethod
    async def back(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def until(self, expression: str, within: float = WITHIN) -> None:
        """Waits until the expression holds. A page that is being left has no answer."""
        latest: object = None
        until = time.monotonic() + within
        while time.monotonic() < until:
            try:
                if latest := await self.run(f"Boolean({expression})"):
                    return
            except Unanswered as error:
                latest = error
            await asyncio.sleep(0.1)
        raise TimeoutError(f"in vain: {expression} ({latest}); {await self.words()}")

    async def click(self, selector: str) -> None:
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.press(selector)

    async def words(self) -> str:
        try:
            return str(await self.run("location.href + ' ' + document.body?.innerText"))
        except Unanswered as error:
            return str(error)

    async def reads(self, text: str) -> None:
        await self.until(f"document.body.innerText.includes({json.dumps(text)})")

    async def begins(self) -> None:
        """Presses *Begin*. The line has to answer first, and until it has, what arrives moves the button."""
        for _ in range(5):
            await self.until("document.querySelector('#begin')?.disabled === false")
            await self.press("#begin")
            with suppress(TimeoutError):
                await self.until("document.querySelector('#text')", within=4)
                return
        raise TimeoutError(f"nothing begins; {await self.words()}")

    async def writes(self, text: str) -> None:
        await self.until("document.querySelector('#text')")
        await self.run(
            f"(() => {{ const box = document.querySelector('#text'); box.value = {json.dumps(text)};"
            " box.dispatchEvent(new Event('input')); return true })()"
        )
        for _ in range(5):  # what arrives meanwhile moves the button away from the pointer
            await self.click(".composer .primary")
            await asyncio.sleep(0.3)
            if await self.run("document.querySelector('#text').value === ''"):
                break
        await self.until(
            "[...document.querySelectorAll('.bubble.own')].some((one) =>"
            f" one.innerText.includes({json.dumps(text)}) && one.querySelector('.tick'))"
        )


class Unanswered(Exception):
    """The browser refused, or did not answer."""


class Crashed(Exception):
    """The browser's process ended. Debian's WebKit rarely does so by itself ("This is a WebKit bug"), so the
    story is played once more, in a new browser."""
