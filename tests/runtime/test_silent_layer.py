"""A worker rings through a channel layer that does not answer, and keeps its deadlines."""

import pytest
from pytest_django import Settings

from chat import bells
from chat.bells import ringing


class Silent:
    """Stands for a layer that is away, and counts the packets that were tried."""

    def __init__(self) -> None:
        self.tried: list[int] = []
        self.is_away = True

    async def group_send(self, _group: str, packet: dict[str, int]) -> None:
        self.tried.append(packet["number"])
        if self.is_away:
            raise TimeoutError


@pytest.fixture
def layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Silent:
    settings.REDIS_URL = "redis://away"
    made = Silent()
    monkeypatch.setattr(ringing, "_layer", lambda: made)
    return made


def test_a_worker_waits_for_a_silent_layer_once_and_not_for_each_bell(layer: Silent) -> None:
    worker = ringing._Tower()
    for _ in range(20):
        worker.ring(bells.QueueChanged("helpwanted"))
    assert layer.tried == [1]


def test_what_was_not_sent_meanwhile_shows_as_a_gap_in_the_numbers(
    layer: Silent,
) -> None:
    worker = ringing._Tower()
    for _ in range(3):
        worker.ring(bells.QueueChanged("helpwanted"))
    worker.silent_until, layer.is_away = 0.0, False  # five seconds later
    worker.ring(bells.QueueChanged("helpwanted"))
    worker.ring(bells.QueueChanged("helpwanted"))
    assert layer.tried == [1, 4, 5]
