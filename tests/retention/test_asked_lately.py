"""No socket of a restored backup is served, and a crowd of sockets asks the journal once."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from chat.consumers import restored
from chat.retention import journal
from helpline.lib import file_timeouts


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Records how often the journal was asked, and sets its answers."""
    answers: list[bool] = []

    async def at_once(work: Callable[[], bool]) -> bool:
        answers.append(work())
        return answers[-1]

    monkeypatch.setattr(restored, "in_database", at_once)
    monkeypatch.setattr(restored, "_asked_at", -restored.CACHE_SECONDS)
    monkeypatch.setattr(restored, "_turn", asyncio.Lock())
    return answers


async def test_two_hundred_who_come_at_once_ask_once(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: False)
    assert await asyncio.gather(*(restored.asked_lately() for _ in range(200))) == [False] * 200
    assert asked == [False]


async def test_a_backup_restored_under_a_running_process_is_seen_a_second_later(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: False)
    assert not await restored.asked_lately()
    monkeypatch.setattr(journal, "is_restored", lambda: True)
    monkeypatch.setattr(restored, "_asked_at", restored._asked_at - restored.CACHE_SECONDS)
    assert await restored.asked_lately()
    assert asked == [False, True]


async def test_while_the_journal_s_folder_does_not_answer_the_last_answer_holds(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(journal, "is_restored", lambda: False)
        assert not await restored.asked_lately()
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(restored, "_asked_at", restored._asked_at - restored.CACHE_SECONDS)
    settings.JOURNAL = tmp_path / "purged.log"
    os.mkfifo(settings.JOURNAL)  # opening it for reading waits for a writer that never comes
    try:
        assert not await restored.asked_lately()
    finally:
        os.close(os.open(settings.JOURNAL, os.O_RDWR | os.O_NONBLOCK))
