"""The look at who may stay at a console closes nobody for what changed while it looked."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from chat.consumers import access
from helpline.lib.errors import AccessWithdrawn


class Console:
    """As much of a console's door as the look touches."""

    session = "a session"

    def __init__(self, device: str | None) -> None:
        self.device = SimpleNamespace(pk=device) if device else None
        self.closed = False

    async def safely(self, work: Any) -> None:
        try:
            await work
        except AccessWithdrawn:
            self.closed = True

    async def keep_access(self, person: object, device: object) -> None:
        if person is None or (self.device is not None and device is None):
            raise AccessWithdrawn


async def look(
    monkeypatch: pytest.MonkeyPatch, console: Console, *, people: bool, kept: bool, enrols: str = ""
) -> bool:
    async def answer(*_: object) -> tuple[dict[str, str], dict[str, str]]:
        if enrols:
            console.device = SimpleNamespace(pk=enrols)
        return {"a session": "Carla"} if people else {}, {"old": "the device"} if kept else {}

    monkeypatch.setattr(access, "in_database", answer)
    await access.check([cast("Any", console)])
    return console.closed


async def test_a_session_that_ended_or_a_device_that_was_revoked_closes_the_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await look(monkeypatch, Console("old"), people=False, kept=True)
    assert await look(monkeypatch, Console("old"), people=True, kept=False)
    assert not await look(monkeypatch, Console("old"), people=True, kept=True)
    assert not await look(monkeypatch, Console(None), people=True, kept=False)


async def test_a_device_enrolled_while_the_database_answered_is_looked_at_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not await look(monkeypatch, Console(None), people=True, kept=False, enrols="new")
