"""The quick exit leaves a conversation in the right state. Its request always returns 204 and clears the
cache."""

import secrets

import pytest
from django.test import Client

from chat import bells
from chat.conversation import coming_back, departures, endings, erasing, presence, quick_exit, seats
from chat.conversation.presence import There
from chat.models import Conversation, Entry, Figure, Line
from chat.queue import rank
from chat.runtime import deadlines
from helpline.lib import clock
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_caller,
    a_counsellor,
    comes_back,
    later,
    state_of,
    taken,
    writes_down,
)
from tests.support.domain.fixtures import Rung
from tests.support.domain.rival import faster

OURS = "https://hulp.example"
JSON = "application/json"
WRONG = '{"conversation": "AAAAAAAAAAAAAAAAAAAAAA", "token": "no"}'


def leave(client: Client, body: str = WRONG, *, origin: str | None = OURS, kind: str = JSON) -> str | None:
    """Sends the exit. Returns what the browser is told to clear. The answer is always 204 and sets no
    cookie."""
    headers = {} if origin is None else {"Origin": origin}
    response = client.post("/api/exit/", body, content_type=kind, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    return response.headers.get("Clear-Site-Data")


@pytest.mark.django_db
def test_our_page_s_browser_empties_its_cache_and_nothing_else(client: Client, helpwanted: Line) -> None:
    anna = a_caller()
    body = f'{{"conversation": "{anna.conversation}", "token": "{anna.opened.token}"}}'
    assert leave(client, body) == '"cache"'
    assert Conversation.objects.get(pk=anna.conversation).token_hash is None


@pytest.mark.django_db
@pytest.mark.parametrize("body", [WRONG, "{", "[]", "null", '{"token": 1}', '{"conversation": "\\ud800"}'])
def test_whatever_it_holds_it_is_answered_alike(client: Client, body: str) -> None:
    assert leave(client, body) == '"cache"'


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [f"{JSON}; charset=utf-8", "APPLICATION/JSON"])
def test_json_may_be_spelt_as_browsers_spell_it(client: Client, kind: str) -> None:
    assert leave(client, kind=kind) == '"cache"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://elsewhere.example",
        "http://hulp.example",
        "https://hulp.example:8443",
        "https://hulp.example.elsewhere.example",
        "https://x.hulp.example",
        "https://hulp.example:port",
        "https://[",
    ],
)
def test_another_site_s_page_does_not_empty_the_cache(client: Client, origin: str | None) -> None:
    assert leave(client, origin=origin) is None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_which_any_site_can_send_does_not_empty_the_cache(client: Client, kind: str) -> None:
    assert leave(client, kind=kind) is None


@pytest.mark.django_db
def test_without_our_origin_the_token_still_dies(client: Client, helpwanted: Line) -> None:
    anna = a_caller()
    body = f'{{"conversation": "{anna.conversation}", "token": "{anna.opened.token}"}}'
    assert leave(client, body, origin=None) is None
    assert Conversation.objects.get(pk=anna.conversation).token_hash is None


# What becomes of the conversation


def exits(caller: Caller, token: str | None = None, *, after: float = 0) -> None:
    now = later(clock.now(), after)
    quick_exit.exit_quickly(caller.conversation, token or caller.opened.token, now=now)


def log_of(caller: Caller) -> list[str]:
    entries = Entry.objects.filter(conversation=caller.conversation).order_by("seq")
    return list(entries.values_list("kind", flat=True))


def shown_of(caller: Caller, seat: seats.Seat) -> There:
    return presence.others(seat)[caller.seat.member]


def test_a_quick_exit_gives_up_a_place_in_the_queue_and_counts_nobody_as_abandoned(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=later(now, 1))
    exits(anna, after=60)
    assert state_of(anna) == "ended"
    ended = Entry.objects.get(conversation=anna.conversation, kind="ended")
    assert ended.facts == {"reason": "caller"}
    assert not Figure.objects.exclude(name="started").exists()
    assert carla.takes_next(later(now, 61)).conversation == bilal.conversation


def test_without_a_code_a_talk_ends_at_once_the_slot_is_free_and_the_form_is_asked(helpwanted: Line) -> None:
    carla = a_counsellor("Carla", helpwanted, slots=1)
    anna, seat = taken(carla)
    bilal = a_caller()
    exits(anna)
    ended = Entry.objects.get(conversation=anna.conversation, kind="ended")
    assert (state_of(anna), ended.facts) == ("ended", {"reason": "caller"})
    assert "wrapup" in seats.allowed(seat)
    assert not shown_of(anna, seat).code, "nobody comes back to what has ended"
    assert carla.takes_next().conversation == bilal.conversation


def test_who_is_taken_just_before_a_quick_exit_leaves_nobody_waiting_and_gave_nothing_up(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    with faster('UPDATE "chat_conversation"', lambda: carla.takes_next(later(now, 60))):
        exits(anna, after=61)
    assert state_of(anna) == "ended"
    assert not Figure.objects.exclude(name="started").exists()


def test_a_counsellor_who_closes_first_has_closed_it(helpwanted: Line, carla: Counsellor) -> None:
    anna, seat = taken(carla)
    with faster('UPDATE "chat_conversation"', lambda: endings.close(seat, now=clock.now())):
        exits(anna)
    ended = Entry.objects.get(conversation=anna.conversation, kind="ended")
    assert ended.facts == {"reason": "counsellor"}


def test_an_erasure_that_came_first_leaves_nothing_to_end(
    helpwanted: Line, carla: Counsellor, own_keys: object
) -> None:
    anna, _ = taken(carla)
    with faster('UPDATE "chat_conversation"', lambda: erasing.erase(anna.seat, now=clock.now())):
        exits(anna)
    assert not Conversation.objects.exists()


def test_a_caller_whose_counsellor_left_first_does_not_stand_in_the_queue(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, seat = taken(carla)
    with faster('UPDATE "chat_conversation"', lambda: departures.expel(seat.member, now=clock.now())):
        exits(anna)
    assert log_of(anna)[-2:] == ["requeued", "ended"]
    assert rank.places("helpwanted") == []


def test_with_a_code_a_talk_goes_on_and_staff_read_that_only_the_code_brings_the_caller_back(
    helpwanted: Line, carla: Counsellor, every_bell: Rung
) -> None:
    anna, seat = taken(carla)
    code = writes_down(anna)
    assert shown_of(anna, seat) == There(here=True, seen=0, code=False)
    assert bells.PeopleChanged(anna.conversation) in every_bell(lambda: exits(anna))
    assert state_of(anna) == "active"
    away = There(here=False, seen=0, code=True)
    assert shown_of(anna, seat) == away, "also while the socket of the page is still being closed"
    assert presence.others_of_all([seat])[seat.member][anna.seat.member] == away
    assert bells.PeopleChanged(anna.conversation) in every_bell(lambda: comes_back(code))
    assert shown_of(anna, seat) == There(here=True, seen=0, code=False)


def test_a_code_that_was_typed_back_just_before_counts_and_one_thrown_away_does_not(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, bilal = taken(carla)[0], taken(carla)[0]
    with faster('UPDATE "chat_conversation"', lambda: writes_down(anna)):
        exits(anna)
    writes_down(bilal)
    with faster('UPDATE "chat_conversation"', lambda: coming_back.forget_code(bilal.seat)):
        exits(bilal)
    assert (state_of(anna), state_of(bilal)) == ("active", "ended")


def test_who_came_back_with_the_code_and_leaves_quickly_again_has_no_other(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, _ = taken(carla)
    back = comes_back(writes_down(anna), user=secrets.token_bytes(32))
    exits(anna, back.token)
    assert state_of(anna) == "ended"


def test_who_can_come_back_by_code_only_is_not_requeued_before_the_code_is_typed(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = taken(carla)
    code = writes_down(anna)
    exits(anna)
    departures.expel(seat.member, now=clock.now())
    assert (state_of(anna), log_of(anna)[-1]) == ("active", "left")
    assert rank.load("helpwanted").waiting == 0
    bilal = a_caller()
    back = comes_back(code)
    assert (back.resumed.state, log_of(anna)[-1]) == ("waiting", "requeued")
    assert back.resumed.seq == len(log_of(anna))
    assert daan.takes_next().conversation == anna.conversation
    assert daan.takes_next().conversation == bilal.conversation


def test_who_never_types_the_code_is_gone_after_half_an_hour_also_where_nobody_is_left(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    writes_down(anna)
    exits(anna)
    presence.depart(anna.socket, now=now)
    departures.expel(seat.member, now=now)
    deadlines.meet(now=later(now, 1799))
    assert state_of(anna) == "active"
    deadlines.meet(now=later(now, 1800))
    ended = Entry.objects.get(conversation=anna.conversation, kind="ended")
    assert ended.facts == {"reason": "silent"}
