"""Practice letters are sealed to a key of the practising browser, answered like real ones, and not
counted."""

import pytest

from chat.conversation.seats import Seat
from chat.letters import alarms, beginning, moves, takes
from chat.letters.conditions import NoLetters
from chat.lines import hidden
from chat.models import Conversation, Entry, Figure, GivenBack, KeyShare, Letter, Line, LineKey, Outgoing
from chat.practice import made_up_callers, made_up_letters, practising
from chat.retention import line_keys
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock, encoding
from helpline.lib.errors import Conflict, NotFound, UnknownLine
from tests.support.domain.cast import Caller, Counsellor, a_point
from tests.support.domain.letters import answer, keeps_code, writes
from tests.support.domain.supervisors import a_share

pytestmark = pytest.mark.django_db


def practises(who: Counsellor, *, key: bool = True) -> Line:
    duty.change(who.person, "off", 1, now=clock.now())
    twin = practising.begin(who.person, "helpwanted", now=clock.now())
    if key:
        made_up_letters.keep_key(
            who.person,
            who.device.pk,
            made_up_letters.next_generation(twin),
            a_point(),
            a_share(),
            now=clock.now(),
        )
    return twin


def writes_to(twin: Line, who: Counsellor, *, ticket: str | None = None) -> Caller:
    socket, shown = encoding.new_id(), hidden.ticket(twin, who.person) if ticket is None else ticket
    opened = beginning.begin(twin.pk, "nl", 2, ticket=shown, socket=socket, now=clock.now())
    anna = Caller(opened, socket)
    anna.grants()
    writes(anna)
    keeps_code(anna, clock.now())
    return anna


def takes_it(who: Counsellor, twin: Line) -> Seat:
    member = takes.take(who.person, who.device.pk, twin.pk, now=clock.now())
    letter = Letter.objects.get(pk=member.conversation_id)
    assert moves.share_for(member, who.device.pk) is not None
    return Seat(member.conversation_id, member.pk, member.role, letter.takes)


def state_of(anna: Caller) -> tuple[str, str]:
    row = Conversation.objects.get(pk=anna.conversation)
    return row.state, row.written


def test_a_letter_to_oneself_is_answered_and_counts_nowhere(carla: Counsellor) -> None:
    twin = practises(carla)
    before = AuditRow.objects.count()
    Line.objects.update(alert_mail="alert@example.org", alert_url="https://example.org/alert")
    anna = writes_to(twin, carla)
    answer(takes_it(carla, twin), Entry.objects.get(kind="message").seq)
    assert state_of(anna) == ("active", "answered")
    alarms.watch(now=clock.now())
    assert (Figure.objects.count(), AuditRow.objects.count(), Outgoing.objects.count()) == (0, before, 0)


def test_each_trainee_is_told_how_many_of_their_own_letters_wait(carla: Counsellor, daan: Counsellor) -> None:
    twin = practises(carla)
    practises(daan)
    assert made_up_letters.waiting(carla.person) == 0
    writes_to(twin, carla)
    assert (made_up_letters.waiting(carla.person), made_up_letters.waiting(daan.person)) == (1, 0)
    answer(takes_it(carla, twin), Entry.objects.get(kind="message").seq)
    assert made_up_letters.waiting(carla.person) == 0


def test_each_trainee_opens_the_letters_that_they_play_themselves(
    carla: Counsellor, daan: Counsellor
) -> None:
    twin = practises(carla)
    practises(daan)
    writes_to(twin, carla)
    with pytest.raises(NotFound):
        takes.take(daan.person, daan.device.pk, twin.pk, now=clock.now())
    takes_it(carla, twin)


def test_who_stops_practising_ends_their_letters_and_the_key_that_opens_them(carla: Counsellor) -> None:
    twin = practises(carla)
    anna = writes_to(twin, carla)
    made_up_callers.stop(carla.person, now=clock.now())
    assert state_of(anna)[0] == "ended"
    assert not KeyShare.objects.filter(key__line=twin).exists()
    assert not LineKey.objects.filter(line=twin).exists()
    with pytest.raises(NotFound):
        takes.take(carla.person, carla.device.pk, twin.pk, now=clock.now())


def test_the_key_lasts_as_long_as_the_practice(carla: Counsellor) -> None:
    twin = practises(carla)
    line_keys.destroy_old()
    writes_to(twin, carla)


def test_without_a_ticket_or_a_key_there_is_no_letter(carla: Counsellor) -> None:
    twin = practises(carla, key=False)
    with pytest.raises(UnknownLine):
        writes_to(twin, carla, ticket="")
    with pytest.raises(NoLetters):
        writes_to(twin, carla)


def test_a_key_is_of_somebody_who_practises_and_its_number_is_given_once(
    carla: Counsellor, daan: Counsellor
) -> None:
    twin = practises(carla)
    for who, generation in ((carla, 1), (daan, 2)):
        with pytest.raises(Conflict):
            made_up_letters.keep_key(
                who.person, who.device.pk, generation, a_point(), a_share(), now=clock.now()
            )
    assert made_up_letters.next_generation(twin) == 2


def test_practised_givebacks_take_nobody_s_letters_away(carla: Counsellor) -> None:
    twin = practises(carla)
    for _ in range(takes.MOST_GIVEN_BACK):
        writes_to(twin, carla)
        takes.give_back(takes_it(carla, twin), now=clock.now())
    assert GivenBack.objects.count() == takes.MOST_GIVEN_BACK
    # There is no such letter; the refusal does not reveal that three were given back.
    with pytest.raises(NotFound):
        takes.take(carla.person, carla.device.pk, "helpwanted", now=clock.now())
