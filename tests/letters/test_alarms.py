"""Alarms about letters go to the line's own address, with a number and no content."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from chat.conversation import endings
from chat.letters import alarms, takes
from chat.models import Conversation, Letter, Line, Outgoing, Work
from chat.runtime import deadlines
from chat.supervision import work_and_roles
from counsellors.models import Device
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.letters import a_letter, answer, keeps_code, row, sent, takes_letter, writes
from tests.support.domain.supervisors import audited

HOUR = 3600


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.outbox.can_mail", lambda: True)


def told() -> list[str]:
    """Returns the mails to the line's address, oldest first, without line and time."""
    rows = Outgoing.objects.exclude(line=None).order_by("due_at", "pk")
    return [row.body.splitlines()[1] for row in rows]


def test_an_acute_letter_is_told_at_once_and_once_in_a_quarter_of_an_hour(post_box: Line) -> None:
    now = clock.now()
    sent(urgency=2, now=now)
    assert told() == ["- Er is een acute brief. Hij is nog niet beantwoord. Acute brieven: 1."]
    assert "Vandaag let Carla op de brieven." in Outgoing.objects.get().body
    sent(urgency=2, now=later(now, 60))
    assert len(told()) == 1
    sent(urgency=2, now=later(now, 16 * 60))
    assert told()[-1].endswith("Acute brieven: 3.")


def test_an_acute_letter_that_came_in_that_quarter_is_told_when_it_is_over(post_box: Line) -> None:
    now = clock.now()
    sent(urgency=2, now=now)
    sent(urgency=2, now=later(now, 60))
    alarms.watch(now=later(now, 14 * 60))
    assert len(told()) == 1
    alarms.watch(now=later(now, 16 * 60))
    assert told()[-1].endswith("Acute brieven: 2.")
    alarms.watch(now=later(now, 40 * 60))
    assert len(told()) == 2, "nothing new came, so the next one is an hour later"
    alarms.watch(now=later(now, 77 * 60))
    assert len(told()) == 3


def test_who_has_left_is_not_named_as_the_person_of_the_day(post_box: Line, carla: Counsellor) -> None:
    work_and_roles.take_line(carla.person.handle, "helpwanted", now=clock.now())
    sent(urgency=2)
    assert "Carla" not in Outgoing.objects.get().body


def test_a_draft_and_a_calm_letter_tell_nobody(post_box: Line) -> None:
    a_letter(urgency=2)
    sent()
    alarms.watch(now=clock.now())
    assert told() == []


def test_a_clock_that_was_set_back_silences_no_acute_letter(post_box: Line) -> None:
    Line.objects.update(letters_acute_told_at=later(clock.now(), 6 * 3600))
    sent(urgency=2)
    assert len(told()) == 1


def test_a_letter_that_becomes_acute_is_told(post_box: Line) -> None:
    anna = sent()
    writes(anna, urgency=2)
    assert len(told()) == 1
    writes(anna, urgency=1)
    assert alarms.overdue("helpwanted", now=clock.now()) == 0
    assert len(told()) == 1, "urgency never falls"


def test_an_acute_letter_is_told_each_hour_until_it_is_answered(post_box: Line, carla: Counsellor) -> None:
    now = clock.now()
    anna = a_letter(urgency=2, now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    for minute in range(5, 125, 5):
        alarms.watch(now=later(now, minute * 60))
    assert len(told()) == 3
    answer(takes_letter(carla, now=later(now, 2 * HOUR)), asked.seq, now=later(now, 2 * HOUR))
    alarms.watch(now=later(now, 4 * HOUR))
    assert len(told()) == 3


def test_a_promise_is_told_an_hour_before_it_breaks_and_each_day_after_it_broke(post_box: Line) -> None:
    now = clock.now()
    sent(now=now)
    alarms.watch(now=later(now, 22 * HOUR))
    assert told() == []
    for minute in (1, 2, 3):
        alarms.watch(now=later(now, 23 * HOUR + minute))
    assert told() == ["- Over een uur moet een brief beantwoord zijn. Brieven: 1."]
    for hour in range(24, 60):
        alarms.watch(now=later(now, hour * HOUR + 60))
    assert told()[1:] == ["- Een brief had al beantwoord moeten zijn. Brieven te laat: 1."] * 2


def test_a_taken_letter_is_overdue_too(post_box: Line, carla: Counsellor) -> None:
    now = clock.now()
    sent(now=now)
    takes_letter(carla, now=now)
    assert alarms.overdue("helpwanted", now=later(now, 25 * HOUR)) == 1


def test_a_letter_that_ended_with_no_answer_is_told_each_day_until_a_supervisor_has_seen_it(
    post_box: Line, floor: Counsellor, carla: Counsellor, signed_in: None
) -> None:
    now = clock.now()
    answered = a_letter(now=now)
    asked = writes(answered, now=now)
    keeps_code(answered, now)
    answer(takes_letter(carla, now=now), asked.seq, now=now)
    unanswered = sent(now=now)
    end = row(unanswered).expires_at
    deadlines.meet(now=end)
    assert row(unanswered).state == row(answered).state == "ended"
    alarms.watch(now=end)
    Conversation.objects.filter(pk=unanswered.conversation).delete()  # its time came
    for hour in (1, 25, 26):
        alarms.watch(now=later(end, hour * HOUR))
    assert told() == ["- Een brief verliep zonder antwoord. Brieven: 1."] * 2
    assert Line.objects.get(pk="helpwanted").letters_expired == 1
    alarms.acknowledge(floor.person, "helpwanted")
    alarms.watch(now=later(end, 60 * HOUR))
    assert len(told()) == 2
    assert audited("letters_expired", floor.person) == ["1"]


def test_a_letter_that_was_closed_as_unreadable_is_no_alarm(post_box: Line, carla: Counsellor) -> None:
    anna = sent()
    endings.close(takes_letter(carla), reason="unreadable", now=clock.now())
    assert row(anna).state == "ended"
    alarms.watch(now=later(clock.now(), 8 * 24 * HOUR))
    assert told() == []


def test_a_letter_that_three_gave_back_is_told(post_box: Line, carla: Counsellor, daan: Counsellor) -> None:
    anna = sent()
    for who in (carla, daan, carla):
        Letter.objects.get(pk=anna.conversation).given_back.update(at=clock.now() - timedelta(days=2))
        takes.give_back(takes_letter(who), now=clock.now())
    assert told() == ["- Een brief is drie keer teruggegeven. Kijk wie hem kan beantwoorden."]


def test_a_line_that_lost_its_letters_key_goes_on_telling(post_box: Line) -> None:
    """A device that could open the key was lost: until there is a new key the line takes no letters, but has
    those that came before."""
    now = clock.now()
    sent(urgency=2, now=now)
    Line.objects.update(letters_key=None)
    for hour in (1, 23, 25):
        alarms.watch(now=later(now, hour * HOUR + 1))
    assert {words.split(".")[0] for words in told()} == {
        "- Er is een acute brief",
        "- Over een uur moet een brief beantwoord zijn",
        "- Een brief had al beantwoord moeten zijn",
    }
    assert len(told()) == 6, "the acute one at once and three times more"


def test_an_alarm_whose_message_was_not_stored_is_told_in_the_next_round(
    post_box: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    sent(now=now)

    def killed(*_: object, **__: object) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr("chat.outbox.mail_to_line", killed)
        with pytest.raises(OperationalError):
            alarms.watch(now=later(now, 23 * HOUR + 1))
    alarms.watch(now=later(now, 23 * HOUR + 2))
    assert told() == ["- Over een uur moet een brief beantwoord zijn. Brieven: 1."]


def test_letters_that_no_device_can_open_are_told_each_day_until_one_can(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    sent(now=now)
    Device.objects.filter(pk=carla.device.pk).update(state=Device.State.REVOKED)
    alarms.watch(now=now)
    assert told() == [], "Daan's device opens it"
    Work.objects.filter(person=daan.person).delete()
    for hour in range(20):
        alarms.watch(now=later(now, hour * HOUR))
    closed = "- Geen enkel apparaat kan een brief openen. Kijk wie een apparaat kwijt is. Brieven: 1."
    assert told() == [closed]
    Work.objects.create(person=daan.person, line=post_box)
    Device.objects.filter(pk=daan.device.pk).update(state=Device.State.APPROVED)
    alarms.watch(now=later(now, 25 * HOUR))
    assert told().count(closed) == 1, "he works there again"
