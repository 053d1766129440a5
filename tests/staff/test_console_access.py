"""The check of who may stay at a console closes nobody because of a change during the check."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import settings

from chat.consumers import access, board_news
from chat.consumers.console import ConsoleConsumer
from chat.models import Work
from counsellors.models import Device, Person, Session
from counsellors.signin import sessions
from helpline.lib import clock
from helpline.lib.errors import AccessWithdrawn
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor, a_line, later


class Console:
    """Represents a console's consumer, as far as the check uses it."""

    session = "a session"
    heard_at = clock.now()

    def __init__(self, device: str | None) -> None:
        self.device = SimpleNamespace(pk=device) if device else None
        self.closed = False

    async def safely(self, work: Any) -> None:
        try:
            await work
        except AccessWithdrawn:
            self.closed = True

    async def require_access(self, person: object, device: object, _lines: object) -> None:
        if person is None or (self.device is not None and device is None):
            raise AccessWithdrawn


async def look(
    monkeypatch: pytest.MonkeyPatch, console: Console, *, people: bool, kept: bool, enrols: str = ""
) -> bool:
    async def answer(*_: object) -> tuple[dict[str, Any], dict[str, str], dict[int, set[str]]]:
        if enrols:
            console.device = SimpleNamespace(pk=enrols)
        carla = {"a session": SimpleNamespace(pk=1)} if people else {}
        return carla, {"old": "approved"} if kept else {}, {}

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


# An administrator takes something away during the check


@pytest.fixture
def known(carla: Counsellor) -> Person:
    """Returns Carla with her roles, as the check reads people."""
    return Person.objects.prefetch_related("role_rows").get(pk=carla.person.pk)


def a_consumer(person: Person, *lines: str) -> ConsoleConsumer:
    consumer = ConsoleConsumer()
    consumer.person, consumer.lines = person, lines
    return consumer


async def keeps(consumer: ConsoleConsumer, person: Person, *lines: str) -> bool:
    try:
        await consumer.require_access(person, None, {*lines})
    except AccessWithdrawn:
        return False
    return True


async def test_a_line_taken_away_closes_the_socket_and_one_that_is_given_does_not(known: Person) -> None:
    consumer = a_consumer(known, "helpwanted", "stopitnow")
    assert await keeps(consumer, known, "helpwanted", "stopitnow", "third")
    assert not await keeps(consumer, known, "stopitnow")


async def test_a_role_taken_away_closes_the_socket_or_ends_the_look_at_the_floor(known: Person) -> None:
    consumer = a_consumer(known, "helpwanted")
    for view in board_news.VIEWS.values():
        view.viewers[consumer] = None
    assert await keeps(consumer, known, "helpwanted")
    assert not [view for view in board_news.VIEWS.values() if consumer in view.viewers]


@pytest.mark.django_db
def test_the_look_reads_everybody_with_lines_devices_and_rights_in_one_query(
    django_assert_num_queries: Any,
) -> None:
    carla, gijs = staff.carla(), staff.gijs()
    for slug in ("one", "two"):
        Work.objects.create(person=carla, line=a_line(slug))
    tokens = [staff.sign_in(one).cookies[settings.SESSION_COOKIE_NAME].value for one in (carla, gijs)]
    device = Device.objects.create(
        person=carla, key=b"key", fingerprint="f", enrolled_at=clock.now(), used_at=clock.now()
    )
    with django_assert_num_queries(1):
        people, kept, lines = access._still_there(dict.fromkeys(tokens, clock.now()))
        assert [people[token].roles for token in tokens] == [["counsellor"], ["partner"]]
    assert people == dict(zip(tokens, (carla, gijs), strict=True))
    assert kept[device.pk] == "pending"
    assert {"one", "two"} <= lines[carla.pk]


@pytest.mark.django_db
def test_a_frame_is_a_use_of_its_session_that_is_written_down_once_in_a_while(
    django_assert_num_queries: Any,
) -> None:
    token = staff.sign_in(staff.carla()).cookies[settings.SESSION_COOKIE_NAME].value
    used = clock.now() + sessions.USE_NOTED_EVERY
    with django_assert_num_queries(2):
        access._still_there({token: used})
    with django_assert_num_queries(1):
        access._still_there({token: later(used, 60)})
    assert Session.objects.get().used_at == used
