"""One beat asks the database for many sockets at once, and rings a bell only where something differs."""

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import bells, protocol
from chat.bells import Bell
from chat.consumers import heartbeats
from chat.consumers.base import Consumer
from chat.conversation import log, presence
from chat.conversation.seats import Seat
from chat.handoff import cards, invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Line, Member
from chat.requests.conversation import delivery
from chat.requests.conversation.delivery import Following
from chat.requests.handoff.invitations import card_frame
from chat.states import How
from helpline.lib import clock, encoding
from helpline.lib.errors import TryAgain
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_counsellor, says
from tests.support.domain.consumer import a_console, a_page

type Asked = list[Callable[..., object]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Runs the jobs of the beat at once."""
    jobs: Asked = []

    async def at_once(work: Callable[..., Any], *args: object) -> Any:
        jobs.append(work)
        return work(*args)

    monkeypatch.setattr(heartbeats, "in_database", at_once)
    return jobs


def run(work: Coroutine[Any, Any, object]) -> None:
    """Runs it to its end without a loop, so that it uses the test's database. Nothing in it ever waits."""
    with pytest.raises(StopIteration):
        work.send(None)


async def away(*_: object, **__: object) -> Any:
    """Makes the database not answer."""
    raise TryAgain


class Listening:
    """Holds the consumers of a process, and the bells that they get."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rung: list[tuple[Consumer, Bell]] = []
        self.consumers: list[Consumer] = []
        self.patch = monkeypatch

    def page(self, seat: Seat) -> Consumer:
        return self._added(a_page(seat).consumer, [seat])

    def console(self, who: Counsellor, seats: Sequence[Seat]) -> Consumer:
        return self._added(a_console(who.person, who.device).consumer, seats)

    def _added(self, consumer: Consumer, seats: Sequence[Seat]) -> Consumer:
        self.patch.setattr(consumer, "ring", lambda bell: self.rung.append((consumer, bell)), raising=False)
        for seat in seats:
            following = consumer.followings[seat.conversation] = Following(consumer, seat, 0)
            following.prev = log.since(seat, 0).prev
            following.people = presence.others(seat)
        self.consumers.append(consumer)
        return consumer

    def beat(self, asked: Asked) -> tuple[int, int]:
        """Returns the jobs and queries of one beat of all sockets."""
        asked.clear()
        self.rung.clear()
        with CaptureQueriesContext(connection) as queries:
            run(heartbeats._beat(self.consumers))
        return len(asked), len(queries)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Listening:
    return Listening(monkeypatch)


def talk(line: Line, number: int) -> tuple[Caller, Counsellor, Seat]:
    who = a_counsellor(f"Counsellor {number}", line)
    anna = a_caller()
    seat = who.takes_next()
    anna.grants()
    return anna, who, seat


def invites(who: Counsellor, anna: Caller, seat: Seat) -> str:
    member = Member.objects.get(pk=seat.member)
    message = encoding.new_id()
    says(seat, epoch=member.epoch, message=message)
    to = To(line="helpwanted")
    return str(invitations.invite(seat, How.CONSULT, to, message, now=clock.now()).pk)


def test_fifty_conversations_with_fifty_invitations_are_as_few_questions_as_one(
    helpwanted: Line, process: Listening, asked: Asked
) -> None:
    counts = []
    for number in range(50):
        anna, who, seat = talk(helpwanted, number)
        invites(who, anna, seat)
        process.page(anna.seat)
        process.console(who, [seat])
        if number in {0, 49}:
            counts.append(process.beat(asked))
    assert counts[0] == counts[1] == (2, 5)


def test_where_a_socket_was_told_all_that_there_is_nothing_rings(
    helpwanted: Line, process: Listening, asked: Asked
) -> None:
    for number in range(3):
        anna, who, seat = talk(helpwanted, number)
        process.page(anna.seat)
        process.console(who, [seat])
    process.beat(asked)
    assert process.rung == []


def test_a_lost_bell_about_people_rings_at_the_beat_of_those_who_lack_it(
    helpwanted: Line, carla: Counsellor, process: Listening, asked: Asked
) -> None:
    anna, bilal = a_caller(), a_caller()
    own, other = carla.takes_next(), carla.takes_next()
    for caller in (anna, bilal):
        caller.grants()
    page, _ = process.page(anna.seat), process.page(bilal.seat)
    console = process.console(carla, [own, other])
    log.see(own, 2)
    process.beat(asked)
    assert process.rung == [(page, bells.PeopleChanged(anna.conversation))]
    Member.objects.filter(pk=bilal.seat.member).update(here=False)
    process.beat(asked)
    assert (console, bells.PeopleChanged(bilal.conversation)) in process.rung
    assert len(process.rung) == 2


def test_a_lost_bell_about_an_entry_or_a_dead_token_rings_at_the_beat(
    helpwanted: Line, process: Listening, asked: Asked
) -> None:
    anna, bilal = a_caller(), a_caller()
    pages = [process.page(caller.seat) for caller in (anna, bilal)]
    says(anna.seat)
    Conversation.objects.filter(pk=bilal.conversation).update(token_hash=None)
    process.beat(asked)
    assert process.rung == [
        (pages[0], bells.NewEntry(anna.conversation)),
        (pages[1], bells.SeatsChanged(bilal.conversation)),
    ]


def test_a_page_whose_token_is_dead_is_not_told_how_the_conversation_goes_on(
    helpwanted: Line, process: Listening, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, int]] = []

    async def write(frame: protocol.BeatOut) -> None:
        told.append(dict(frame.seqs))

    anna, bilal = a_caller(), a_caller()
    for caller in (anna, bilal):
        monkeypatch.setattr(process.page(caller.seat), "write", write, raising=False)
    Conversation.objects.filter(pk=bilal.conversation).update(token_hash=None)
    process.beat(asked)
    assert [[*seqs] for seqs in told] == [[anna.conversation], []]


def test_a_lost_bell_about_an_invitation_rings_where_it_was_not_shown_and_where_it_stopped(
    helpwanted: Line, daan: Counsellor, process: Listening, asked: Asked
) -> None:
    anna, who, seat = talk(helpwanted, 1)
    sender, asks = process.console(who, [seat]), process.console(daan, [])
    invitation = invites(who, anna, seat)
    for consumer in (sender, asks):
        assert not consumer.cards  # type: ignore[attr-defined]
    process.beat(asked)
    due = {(consumer, bells.InvitationsDue(consumer.person.pk)) for consumer in (sender, asks)}  # type: ignore[attr-defined]
    assert {row for row in process.rung if isinstance(row[1], bells.InvitationsDue)} == due
    for consumer in (sender, asks):
        shown = cards.card(invitation, consumer.person)  # type: ignore[attr-defined]
        assert shown is not None
        consumer.cards[invitation] = card_frame(shown)  # type: ignore[attr-defined]
        for following in consumer.followings.values():
            following.prev = log.since(following.seat, 0).prev
    process.beat(asked)
    assert process.rung == []
    invitations.withdraw(invitation, who.person, who.device.pk, now=clock.now())
    process.beat(asked)
    assert {row for row in process.rung if isinstance(row[1], bells.InvitationsDue)} == due


def test_a_bell_that_could_not_be_answered_is_answered_within_a_second_of_the_databases_return(
    helpwanted: Line, process: Listening, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bilal = a_caller(), a_caller()
    page, other = (process.page(caller.seat) for caller in (anna, bilal))
    says(anna.seat)
    monkeypatch.setattr(heartbeats, "_consumers", dict.fromkeys((page, other), 0.0))
    monkeypatch.setattr(heartbeats, "_owed", set())
    monkeypatch.setattr(delivery, "in_database", away)
    run(page.safely(page.hear(bells.NewEntry(anna.conversation))))
    assert heartbeats._owed == {page}

    with monkeypatch.context() as still_away:
        still_away.setattr(heartbeats, "in_database", away)
        run(heartbeats._pay())
    assert (process.rung, heartbeats._owed) == ([], {page})
    run(heartbeats._pay())
    assert (process.rung, heartbeats._owed) == ([(page, bells.NewEntry(anna.conversation))], set())


def test_a_console_that_is_owed_something_is_shown_anew_what_no_beat_compares(
    helpwanted: Line, carla: Counsellor, process: Listening, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = process.console(carla, [])
    monkeypatch.setattr(heartbeats, "_consumers", {console: 0.0})
    monkeypatch.setattr(heartbeats, "_owed", {console})
    with monkeypatch.context() as still_away:
        still_away.setattr(heartbeats, "in_database", away)
        run(heartbeats._pay())
    assert process.rung == []
    run(heartbeats._pay())
    assert (console, bells.SentencesChanged(carla.person.pk)) in process.rung
    assert not heartbeats._owed


def test_who_has_gone_is_owed_nothing(process: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "_consumers", {})
    monkeypatch.setattr(heartbeats, "_owed", set())
    gone = Consumer()
    heartbeats.add(gone)
    heartbeats.owe(gone)
    heartbeats.remove(gone)
    heartbeats.owe(gone)
    assert not heartbeats._owed


def test_what_the_beat_compares_is_what_a_console_is_shown(
    helpwanted: Line, daan: Counsellor, floor: Counsellor
) -> None:
    anna, who, seat = talk(helpwanted, 1)
    invitation = invites(who, anna, seat)
    invitations.decline(invitation, daan.person, daan.device.pk, now=clock.now())
    people = [one.person for one in (who, daan, floor)]
    shown = {one.pk: {card.invitation: card.state for card in cards.open_cards(one)} for one in people}
    assert shown == cards.open_states([one.pk for one in people])
    assert shown == {
        who.person.pk: {invitation: "ringing"},
        daan.person.pk: {},
        floor.person.pk: shown[floor.person.pk],
    }
    assert shown[floor.person.pk]


def test_a_crowd_that_came_at_once_is_not_due_at_once_and_nobody_waits_longer_than_a_period(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heartbeats, "_consumers", {})
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    crowd = [Consumer() for _ in range(400)]
    for consumer in crowd:
        heartbeats.add(consumer)
    period = settings.BEAT.total_seconds()
    due = sorted(at - 1000 for at in heartbeats._consumers.values())
    assert due[0] >= 0
    assert due[-1] <= period
    quarters = [sum(part * period / 4 <= at < (part + 1) * period / 4 for at in due) for part in range(4)]
    assert min(quarters) > 50
