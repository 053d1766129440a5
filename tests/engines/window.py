"""One window of a browser that Playwright does not drive, as far as a caller's main path needs it."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, Self

WITHIN = 20.0  # seconds


class Window(ABC):
    """A tab in a profile of its own."""

    @abstractmethod
    async def goto(self, url: str) -> None:
        """As if the address was typed."""

    @abstractmethod
    async def run(self, expression: str) -> Any:
        """The value of an expression in the page; it passes as JSON."""

    @abstractmethod
    async def press(self, selector: str) -> None:
        """With a real pointer: what only that allows, as a sound, is allowed."""

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
        """Until it holds; a page that is just being left has no answer."""
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
        """The line has to answer first; while it does, what comes in moves the button."""
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
        for _ in range(5):  # what comes in between moves the button away from under the pointer
            await self.click(".composer .primary")
            await asyncio.sleep(0.3)
            if await self.run("document.querySelector('#text').value === ''"):
                break
        await self.until(
            "[...document.querySelectorAll('.bubble.own')].some((one) =>"
            f" one.innerText.includes({json.dumps(text)}) && one.querySelector('.tick'))"
        )


class Unanswered(Exception):
    """The browser said no, or said nothing."""
