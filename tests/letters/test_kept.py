"""A letter ends, is kept and is opened again like any conversation, also if nobody answered it."""

from datetime import timedelta
from pathlib import Path

import pytest

from chat.models import Conversation, Entry, KeyShare, Letter, Line, LineKey, ReplacedCode
from chat.retention import readings
from chat.runtime import deadlines
from helpline.lib import clock
from helpline.lib.errors import Conflict
from tests.support.domain.cast import Caller, Counsellor, later
from tests.support.domain.letters import a_letter, answer, keeps_code, row, sent, takes_letter, writes
from tests.support.domain.supervisors import a_share, holds_it, purge_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
DAY = 24 * 3600


@pytest.fixture
def own_line(own_keys: Path, post_box: Line, floor: Counsellor, hanna: Counsellor) -> Line:
    """Makes a line of which both supervisors can open the review key."""
    for who in (floor, hanna):
        KeyShare.objects.create(key=LineKey.objects.get(use="review"), device=who.device, sealed=a_share())
    return post_box


def reads(who: Counsellor, anna: Caller, days: float) -> readings.Page:
    now = later(clock.now(), days * DAY)
    reading = readings.ask(who.person, anna.conversation, "safeguarding", now=now)
    return readings.page(who.person, who.device.pk, reading.pk, 0, now=now)


def expires(anna: Caller) -> Conversation:
    deadlines.meet(now=row(anna).expires_at)
    return row(anna)


def test_a_letter_that_nobody_answered_stays_its_line_s_retention_longer_and_is_gone(own_line: Line) -> None:
    anna = sent()
    keeps_code(anna)  # a second one: the first stays known as replaced
    ended = expires(anna)
    assert (ended.state, ended.written) == ("ended", "new"), "the rows say that nobody answered"
    before = ended.expires_at + own_line.retention - timedelta(seconds=1)
    assert purge_at(before) == 0
    assert purge_at(before + timedelta(seconds=1)) == 1
    for model in (Conversation, Entry, Letter, ReplacedCode):
        assert not model.objects.exists()


def test_a_supervisor_reads_letter_and_answer_again_once_it_has_ended(
    own_line: Line, floor: Counsellor, carla: Counsellor, signed_in: None
) -> None:
    anna = a_letter()
    asked = writes(anna)
    keeps_code(anna)
    answered = answer(takes_letter(carla), asked.seq)
    with pytest.raises(Conflict):
        reads(floor, anna, 0)
    expires(anna)
    page = reads(floor, anna, 7)
    assert {asked.seq, answered.seq} <= {one.entry.seq for one in page.entries}
    assert page.wraps, "the review key was let in before the first word"


def test_a_letter_on_hold_outlives_its_date_for_the_hold_alone(
    own_line: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    anna = sent()
    made = holds_it(floor, hanna, anna, later(clock.now(), 30 * DAY))
    ended = expires(anna)
    assert purge_at(ended.expires_at + own_line.retention) == 0
    assert reads(hanna, anna, 20).wraps
    assert purge_at(made.until) == 1
    assert not Letter.objects.exists()
