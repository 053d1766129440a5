"""The server's secret is changed in three steps while processes restart one after the other. What one process
makes, another one accepts, and nobody is signed out."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client
from pytest_django import Settings

from chat.administration import trust
from chat.queue import work
from counsellors.models import Session
from counsellors.signin import known_browsers, locks
from helpline import checks
from helpline.lib import clock, encoding, guest_links, signed_links
from helpline.lib.errors import NotFound
from tests.support import admin_pages as staff
from tests.support.work import solve

pytestmark = pytest.mark.django_db
OLD, NEW = "the secret of last year " * 3, "the secret of next year " * 3


class Process(NamedTuple):
    """Holds the secrets with which a process starts."""

    uses: str
    accepts: list[str]


BEFORE, FIRST, SECOND, THIRD = Process(OLD, []), Process(OLD, [NEW]), Process(NEW, [OLD]), Process(NEW, [])
# After each step, in both directions: some processes have restarted, and others have not
BESIDE = [
    (BEFORE, FIRST),
    (FIRST, BEFORE),
    (FIRST, SECOND),
    (SECOND, FIRST),
    (SECOND, THIRD),
    (THIRD, SECOND),
]
beside = pytest.mark.parametrize(("one", "other"), BESIDE)
INVITATION = encoding.new_id()


@pytest.fixture
def become(settings: Settings) -> Callable[[Process], None]:
    def starts(process: Process) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = process.uses, process.accepts

    return starts


@beside
def test_a_link_is_accepted_with_its_pin(
    become: Callable[[Process], None], one: Process, other: Process
) -> None:
    become(one)
    link, pin = guest_links.token(INVITATION), guest_links.pin(INVITATION)
    become(other)
    assert guest_links.invitation_of(link) == INVITATION
    assert guest_links.is_pin(INVITATION, pin)
    assert signed_links.is_ours("guest", link)


@beside
def test_an_answer_to_a_challenge_is_accepted_once(
    become: Callable[[Process], None], one: Process, other: Process
) -> None:
    become(one)
    answer = solve(work.challenge("helpwanted", 20_000, now=clock.now()))
    become(other)
    assert work.accept("helpwanted", answer, 20_000, now=clock.now())
    become(one)
    assert not work.accept("helpwanted", answer, 20_000, now=clock.now())


def test_who_is_signed_in_stays_so_in_the_same_session(become: Callable[[Process], None]) -> None:
    """This holds if pages come by turns from a process before its restart and from one after it."""
    become(BEFORE)
    carla, client = staff.carla(), Client()
    staff.give_password(client, "carla")
    staff.give_code(client, staff.code_of(carla))
    (session,) = Session.objects.values_list("pk", flat=True)
    for process in (BEFORE, FIRST, BEFORE, FIRST, SECOND, FIRST, SECOND):
        become(process)
        assert client.get("/console/").status_code == 200
    assert [session] == list(Session.objects.values_list("pk", flat=True))
    become(THIRD)
    assert client.get("/console/").status_code == 302


def test_who_gave_the_password_gives_the_code_to_another_process(become: Callable[[Process], None]) -> None:
    become(FIRST)
    carla, client = staff.carla(), Client()
    staff.give_password(client, "carla")
    become(SECOND)
    staff.give_code(client, staff.code_of(carla))
    assert client.get("/console/").status_code == 200


def test_the_browser_of_who_signed_in_before_is_still_known(become: Callable[[Process], None]) -> None:
    become(FIRST)
    carla, client = staff.carla(), Client()
    staff.give_password(client, "carla")
    staff.give_code(client, staff.code_of(carla))
    become(SECOND)
    for _ in range(5):
        staff.give_password(Client(), "carla", "a guess")
    assert locks.guesses(locks.PASSWORDS, "carla").lock()
    assert known_browsers.marks({name: cookie.value for name, cookie in client.cookies.items()})
    assert staff.give_password(client, "carla").status_code == 302


def test_once_the_old_secret_is_left_out_it_proves_nothing(become: Callable[[Process], None]) -> None:
    become(SECOND)
    become(FIRST)
    link, pin = guest_links.token(INVITATION), guest_links.pin(INVITATION)
    answer = solve(work.challenge("helpwanted", 20_000, now=clock.now()))
    become(THIRD)
    with pytest.raises(NotFound):
        guest_links.invitation_of(link)
    assert not guest_links.is_pin(INVITATION, pin)
    assert not work.accept("helpwanted", answer, 20_000, now=clock.now())


def test_a_short_secret_is_refused_in_either_place(
    become: Callable[[Process], None], settings: Settings
) -> None:
    settings.DEMO = False
    become(Process(NEW, ["short"]))
    assert "helpline.E008" in [found.id for found in checks.production_is_safe()]
    become(Process(NEW, [OLD]))
    assert "helpline.E008" not in [found.id for found in checks.production_is_safe()]


def test_a_check_reminds_of_a_secret_that_is_still_accepted(become: Callable[[Process], None]) -> None:
    become(SECOND)
    assert "HELPLINE_SECRET_KEY_ALSO" in str(trust.server_secret())
    assert not trust.server_secret().is_well
    become(THIRD)
    assert trust.server_secret().is_well
