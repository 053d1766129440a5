"""What supervisors see live is made once a second in a process, however many look."""

import asyncio
import threading
from collections.abc import Collection
from datetime import datetime
from types import SimpleNamespace

import msgspec
import pytest

from chat import bells
from chat.consumers import live
from chat.consumers.live import View
from helpline.lib.errors import TryAgain


class Shown(msgspec.Struct):
    line: str
    number: int


class Frame(msgspec.Struct):
    lines: list[Shown]


class Viewer:
    """Represents a console, as far as a view needs it."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        self.got: list[dict[str, int]] = []
        self.texts: list[str] = []

    async def write_text(self, frame: str) -> None:
        self.texts.append(frame)
        self.got.append({one.line: one.number for one in msgspec.json.decode(frame, type=Frame).lines})


class World:
    """Represents the database's answers, and counts the queries."""

    def __init__(self) -> None:
        self.numbers = {"helpwanted": 1, "stopitnow": 1}
        self.asked: list[list[str]] = []
        self.away = False
        self.encoded = 0
        self.lock = threading.Lock()

    def make(self, lines: Collection[str], _now: datetime) -> list[Shown]:
        with self.lock:
            self.asked.append(sorted(lines))
        if self.away:
            raise TryAgain
        return [Shown(line, self.numbers[line]) for line in lines]

    def frame(self, _at: str, lines: list[Shown]) -> Frame:
        self.encoded += 1
        return Frame(lines)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Returns a clock that stands still, in seconds."""
    seconds = [1000.0]
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    monkeypatch.setattr(bells, "listen", lambda *_: None)
    return seconds


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def view(world: World) -> View[Shown]:
    return View(world.make, world.frame, look_again=3.0)


def ring(view: View[Shown], line: str) -> None:
    view._hear(bells.QueueChanged(line))


async def test_twenty_who_come_at_once_are_shown_what_was_made_once(
    world: World, view: View[Shown], now: list[float]
) -> None:
    viewers = [Viewer("helpwanted") for _ in range(20)]
    await asyncio.gather(*(view.watch(viewer) for viewer in viewers))
    assert world.asked == [["helpwanted"]]
    assert [viewer.got for viewer in viewers] == [[{"helpwanted": 1}]] * 20


async def test_a_change_is_made_and_encoded_once_for_all_who_look(
    world: World, view: View[Shown], now: list[float]
) -> None:
    viewers = [Viewer("helpwanted") for _ in range(20)]
    for viewer in viewers:
        await view.watch(viewer)
    world.asked.clear()
    world.encoded = 0
    now[0] += 1
    for number in (2, 3, 4):
        world.numbers["helpwanted"] = number
        ring(view, "helpwanted")
    await view.tell()
    assert world.asked == [["helpwanted"]]
    assert world.encoded == 1
    assert [viewer.got for viewer in viewers] == [[{"helpwanted": 1}, {"helpwanted": 4}]] * 20


async def test_what_is_as_it_was_is_told_to_nobody(world: World, view: View[Shown], now: list[float]) -> None:
    viewer = Viewer("helpwanted")
    await view.watch(viewer)
    now[0] += 1
    ring(view, "helpwanted")
    await view.tell()
    assert len(world.asked) == 2
    assert len(viewer.texts) == 1


async def test_without_a_bell_it_is_looked_at_again_only_after_a_while(
    world: World, view: View[Shown], now: list[float]
) -> None:
    viewer = Viewer("helpwanted")
    await view.watch(viewer)
    world.numbers["helpwanted"] = 2
    now[0] += 2.9
    await view.tell()
    assert len(world.asked) == 1
    now[0] += 0.1
    await view.tell()
    assert viewer.got[-1] == {"helpwanted": 2}


async def test_each_sees_the_own_lines_only(world: World, view: View[Shown], now: list[float]) -> None:
    floor, otto, both = Viewer("helpwanted"), Viewer("stopitnow"), Viewer("helpwanted", "stopitnow")
    for viewer in (floor, otto, both):
        await view.watch(viewer)
    assert world.asked == [["helpwanted"], ["stopitnow"]], "the third found both"
    world.numbers["stopitnow"] = 2
    ring(view, "stopitnow")
    now[0] += 1
    await view.tell()
    assert floor.got == [{"helpwanted": 1}]
    assert otto.got == [{"stopitnow": 1}, {"stopitnow": 2}]
    assert both.got[-1] == {"helpwanted": 1, "stopitnow": 2}


async def test_while_nobody_looks_nothing_is_made(world: World, view: View[Shown], now: list[float]) -> None:
    viewer = Viewer("helpwanted")
    await view.watch(viewer)
    view.stop(viewer)
    now[0] += 60
    ring(view, "helpwanted")
    await view.tell()
    assert len(world.asked) == 1
    assert len(viewer.texts) == 1


async def test_a_database_that_was_away_is_asked_again(
    world: World, view: View[Shown], now: list[float]
) -> None:
    viewer = Viewer("helpwanted")
    await view.watch(viewer)
    world.away, world.numbers["helpwanted"] = True, 2
    ring(view, "helpwanted")
    now[0] += 1
    await view.tell()
    assert viewer.got == [{"helpwanted": 1}]
    world.away = False
    now[0] += 1
    await view.tell()
    assert viewer.got[-1] == {"helpwanted": 2}
