"""Bells ring for what is committed, and for nothing else."""

import asyncio
import contextlib

import pytest
from django.db import transaction

from chat import bells
from chat.bells import Bell, ringing


class Rung(list[Bell]):
    """Records what a listener heard."""


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> Rung:
    heard = Rung()
    monkeypatch.setattr(ringing._tower, "ring", heard.append)
    return heard


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_of_what_was_rolled_back(rung: Rung) -> None:
    with contextlib.suppress(RuntimeError), transaction.atomic():
        bells.ring_on_commit(bells.QueueChanged("helpwanted"))
        raise RuntimeError
    assert rung == []
    with transaction.atomic():
        bells.ring_on_commit(bells.QueueChanged("helpwanted"))
        assert rung == []
    assert rung == [bells.QueueChanged("helpwanted")]


async def test_a_bell_reaches_the_listeners_of_its_topic_only_and_crosses_the_layer_once() -> None:
    here: list[Bell] = []
    bells.listen("line:helpwanted", here.append)
    tower = ringing._Tower()
    tower.loop = asyncio.get_running_loop()
    other = ringing._Tower()
    other.loop = tower.loop
    for one in (tower, other):
        one.tasks = [asyncio.create_task(work()) for work in (one.subscribe,)]  # type: ignore[attr-defined]
    await asyncio.sleep(0.05)
    receiving = [asyncio.create_task(one.receive()) for one in (tower, other)]
    publishing = asyncio.create_task(tower.publish())
    try:
        tower.ring(bells.QueueChanged("helpwanted"))
        tower.ring(bells.QueueChanged("stopitnow"))
        await asyncio.sleep(0.2)
        # Each bell rings once here, at once, and once in the other process, and never again at its sender.
        assert here == [bells.QueueChanged("helpwanted")] * 2
    finally:
        bells.stop_listening("line:helpwanted", here.append)
        for task in (*receiving, publishing, *tower.tasks, *other.tasks):  # type: ignore[attr-defined]
            task.cancel()
