"""Only a supervisor of the line reads a transcript again: with a reason, recorded, and while it exists."""

from datetime import timedelta

import pytest

from chat.bells import ReviewChanged
from chat.conversation import departures, endings, erasing
from chat.handoff import invitations
from chat.keys import slot_files
from chat.models import Line, Member, Reading, Service, Wrap
from chat.retention import line_keys, purge, readings
from chat.states import How
from chat.supervision import audit_trail, needs_approval
from counsellors import audit
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_partner, later, says
from tests.support.domain.fixtures import Rung
from tests.support.domain.supervisors import (
    a_supervisor,
    audited,
    gives_key,
    holds_it,
    makes_key,
    purge_at,
    row_of,
    talked,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = 3600


def reads(who: Counsellor, caller: Caller, *, since: int = 0) -> readings.Page:
    reading = readings.ask(who.person, caller.conversation, "quality", now=clock.now())
    return readings.page(who.person, who.device.pk, reading.pk, since, now=clock.now())


def test_a_supervisor_reads_what_the_review_seat_was_given(floor: Counsellor, carla: Counsellor) -> None:
    makes_key(floor)
    anna = talked(carla)
    page = reads(floor, anna)
    kinds = [one.entry.kind for one in page.entries]
    assert kinds == ["opened", "joined", "joined", "granted", "message", "ended"]
    assert not page.more
    (wrap,) = page.wraps
    assert anna.opened.review is not None
    assert (wrap.member, wrap.grant, wrap.epoch) == (anna.opened.review.pk, 1, 1)
    assert audited("review_asked", floor.person) == audited("review", floor.person) == ["quality"]


def test_every_supervisor_of_the_line_is_told_at_once_that_a_colleague_reads(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, rung: Rung
) -> None:
    makes_key(floor)
    reading = readings.ask(floor.person, talked(carla).conversation, "quality", now=clock.now())
    told = rung(lambda: readings.page(floor.person, floor.device.pk, reading.pk, 0, now=clock.now()))
    assert {bell.person for bell in told if isinstance(bell, ReviewChanged)} == {
        floor.person.pk,
        hanna.person.pk,
    }


def test_a_transcript_comes_in_parts_each_with_the_wraps_it_needs(
    floor: Counsellor, carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.conversation.log.MAX_ENTRIES_PER_QUERY", 2)
    makes_key(floor)
    anna = talked(carla)
    since, seqs, wraps, more = 0, [], 0, True
    while more:
        page = reads(floor, anna, since=since)
        seqs += [one.entry.seq for one in page.entries]
        wraps += len(page.wraps)
        since, more = page.upto, page.more
    assert seqs == list(range(1, row_of(anna).last_seq + 1))
    assert wraps == 1


def test_the_list_names_times_roles_and_generation_and_no_content(
    floor: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    without = talked(carla)
    makes_key(floor)
    anna = talked(carla)
    (listed,) = readings.listed(floor.person, "helpwanted", before=None, now=clock.now())
    assert listed.row.pk == anna.conversation != without.conversation
    assert listed.roles == ["caller", "counsellor"]
    assert listed.generation == 1
    assert listed.rows_end == (row_of(anna).ended_at or clock.now()) + timedelta(hours=24)
    older = readings.listed(floor.person, "helpwanted", before=row_of(anna).opened_at, now=clock.now())
    assert older == []
    with pytest.raises(NotFound):
        readings.listed(floor.person, "stopitnow", before=None, now=clock.now())


def test_a_running_conversation_is_not_read_over_a_counsellor_s_shoulder(
    floor: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla, ended=False)
    with pytest.raises(Conflict):
        readings.ask(floor.person, anna.conversation, "quality", now=clock.now())


def test_a_line_without_a_review_key_has_nothing_to_read(floor: Counsellor, carla: Counsellor) -> None:
    anna = talked(carla)
    with pytest.raises(Conflict):
        readings.ask(floor.person, anna.conversation, "quality", now=clock.now())


def test_another_line_s_supervisor_finds_nothing(
    floor: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    makes_key(floor)
    anna = talked(carla)
    otto = a_supervisor("Otto", stopitnow)
    with pytest.raises(NotFound):
        readings.ask(otto.person, anna.conversation, "quality", now=clock.now())
    reading = readings.ask(floor.person, anna.conversation, "quality", now=clock.now())
    for who in (otto, carla):
        with pytest.raises(NotFound):
            readings.page(who.person, who.device.pk, reading.pk, 0, now=clock.now())
        with pytest.raises(NotFound):
            readings.allow(otto.person, reading.pk, now=clock.now())
    # Concerns his own device.
    assert {row.action for row, _ in audit_trail.trail(otto.person)} == {"enrolled"}


def test_a_device_without_the_key_is_served_no_wraps(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla)
    with pytest.raises(Conflict):
        reads(hanna, anna)
    gives_key(floor, hanna)
    assert reads(hanna, anna).wraps


def test_a_reading_lapses_after_an_hour(floor: Counsellor, carla: Counsellor) -> None:
    makes_key(floor)
    anna = talked(carla)
    now = clock.now()
    reading = readings.ask(floor.person, anna.conversation, "quality", now=now)
    readings.page(floor.person, floor.device.pk, reading.pk, 0, now=later(now, HOUR - 1))
    with pytest.raises(Conflict):
        readings.page(floor.person, floor.device.pk, reading.pk, 0, now=later(now, HOUR))


def test_where_two_are_needed_nobody_reads_alone(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    needs_approval.set_keeping(floor.person, "helpwanted", hours=24, two=True, now=clock.now())
    anna = talked(carla)
    now = clock.now()
    reading = readings.ask(floor.person, anna.conversation, "complaint", now=now)
    with pytest.raises(Conflict):
        readings.page(floor.person, floor.device.pk, reading.pk, 0, now=now)
    with pytest.raises(Conflict):
        readings.allow(floor.person, reading.pk, now=now)  # one's own
    with pytest.raises(Conflict):
        readings.allow(hanna.person, reading.pk, now=later(now, HOUR))  # lapsed
    assert [row.pk for row in readings.open_readings(hanna.person, "helpwanted", now=now)] == [reading.pk]
    readings.allow(hanna.person, reading.pk, now=now)
    Reading.objects.filter(pk=reading.pk).update(asked_at=later(now, -50 * 60))
    for minutes, there in ((59, [reading.pk]), (61, [])):
        shown = readings.open_readings(floor.person, "helpwanted", now=later(now, minutes * 60))
        assert [row.pk for row in shown] == there
    with pytest.raises(Conflict):
        readings.allow(hanna.person, reading.pk, now=now)  # allowed already
    assert readings.page(floor.person, floor.device.pk, reading.pk, 0, now=now).wraps
    with pytest.raises(NotFound):
        readings.page(hanna.person, hanna.device.pk, reading.pk, 0, now=now)  # not her reading
    assert audited("review_asked", floor.person) == audited("review", floor.person) == ["complaint"]
    assert audited("review_allowed", hanna.person) == ["complaint"]
    assert audited("review", hanna.person) == [], "who says yes has read nothing"


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_a_request_to_read_is_taken_back_by_who_asked_or_refused_by_another(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, stopitnow: Line, rung: Rung, how: str
) -> None:
    makes_key(floor)
    needs_approval.set_keeping(floor.person, "helpwanted", hours=24, two=True, now=clock.now())
    otto, who, now = a_supervisor("Otto", stopitnow), floor if how == "withdrawn" else hanna, clock.now()
    reading = readings.ask(floor.person, talked(carla).conversation, "quality", now=now)
    with pytest.raises(NotFound):
        readings.drop(otto.person, reading.pk)
    told = rung(lambda: readings.drop(who.person, reading.pk))
    assert {floor.person.pk, hanna.person.pk} == {
        bell.person for bell in told if isinstance(bell, ReviewChanged)
    }
    assert audited("review_dropped", who.person) == [f"quality {how}"]
    assert readings.approvals(hanna.person, now=now) == []
    with pytest.raises(NotFound):
        readings.allow(hanna.person, reading.pk, now=now)


def test_a_reading_that_was_allowed_is_not_dropped(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla)
    reading = readings.ask(floor.person, anna.conversation, "quality", now=clock.now())
    with pytest.raises(Conflict):
        readings.drop(hanna.person, reading.pk)
    assert readings.page(floor.person, floor.device.pk, reading.pk, 0, now=clock.now()).wraps


def test_what_waits_for_a_second_one_is_listed_for_all_own_lines_until_it_lapses(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    makes_key(floor)
    needs_approval.set_keeping(floor.person, "helpwanted", hours=24, two=True, now=clock.now())
    otto, now = a_supervisor("Otto", stopitnow), clock.now()
    reading = readings.ask(floor.person, talked(carla).conversation, "quality", now=now)
    for who, found in ((hanna, [reading]), (floor, [reading]), (otto, [])):
        assert readings.approvals(who.person, now=now) == found
    assert readings.people_of(readings.approvals(hanna.person, now=now)[0].conversation) == ["Carla"]
    assert readings.approvals(hanna.person, now=later(now, HOUR)) == []


@pytest.mark.parametrize("action", ["ends", "erases"])
def test_what_can_be_read_again_is_told_as_it_ends_or_is_erased(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, rung: Rung, action: str
) -> None:
    makes_key(floor)
    anna = talked(carla, ended=action == "erases")
    act = erasing.erase if action == "erases" else endings.leave
    told = rung(lambda: act(anna.seat, now=clock.now()))
    assert {floor.person.pk, hanna.person.pk} == {
        bell.person for bell in told if isinstance(bell, ReviewChanged)
    }


def test_the_end_of_what_nobody_can_read_again_rings_for_no_supervisor(
    floor: Counsellor, carla: Counsellor, rung: Rung
) -> None:
    anna = talked(carla, ended=False)
    told = rung(lambda: endings.leave(anna.seat, now=clock.now()))
    assert not any(isinstance(bell, ReviewChanged) for bell in told)


def test_after_the_rows_date_there_is_nothing_to_read_even_before_the_purge(
    floor: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla)
    late = later(clock.now(), 24 * HOUR + 1)
    with pytest.raises(NotFound):
        readings.ask(floor.person, anna.conversation, "quality", now=late)
    assert readings.listed(floor.person, "helpwanted", before=None, now=late) == []
    purge_at(late)
    with pytest.raises(NotFound):
        readings.ask(floor.person, anna.conversation, "quality", now=late)


def test_without_the_hour_s_key_the_wraps_stay_shut(floor: Counsellor, carla: Counsellor) -> None:
    makes_key(floor)
    anna = talked(carla)
    slot_files.destroy_until(row_of(anna).purge_at)
    assert reads(floor, anna).wraps == []


def test_an_hour_after_the_end_the_review_seat_s_wraps_are_still_there(
    floor: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla)
    purge.end_staff_wraps(later(clock.now(), 2 * HOUR))
    assert reads(floor, anna).wraps


def test_after_a_handoff_and_the_way_back_both_review_seats_open(
    floor: Counsellor, carla: Counsellor, helpwanted: Line
) -> None:
    makes_key(floor)
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    gijs = a_partner("Gijs", csg)
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    card = invitations.invite(seat, How.HANDOFF, invitations.To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, card.pk, yes=True, history=False, now=clock.now())
    guest = invitations.accept(card.pk, gijs.person, gijs.device.pk, now=clock.now())
    anna.grants()
    departures.leave(seat, now=clock.now())  # the review seat leaves with the last of the line's staff
    anna.grants()
    says(anna.seat, epoch=3)
    departures.expel(guest.pk, now=clock.now())  # requeued: the line's staff return, and its review seat
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    reviews = Member.objects.filter(conversation=anna.conversation, role="review")
    assert reviews.count() == 2
    wraps = reads(floor, anna).wraps
    assert {wrap.grant for wrap in wraps} == {1, 2, 4}
    assert {wrap.member for wrap in wraps} == set(reviews.values_list("pk", flat=True))
    assert not Wrap.objects.filter(grant=3, member__role="review").exists()


# Keeping


def test_a_supervisor_sets_the_retention_of_the_own_line_and_shortening_acts_on_what_is_there(
    floor: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    talked(carla)
    needs_approval.set_keeping(floor.person, "helpwanted", hours=2, two=False, now=clock.now())
    assert Line.objects.get(pk="helpwanted").retention == timedelta(hours=2)
    assert audited("line", floor.person) == ["keeps 2"]
    with pytest.raises(NotFound):
        needs_approval.set_keeping(floor.person, "stopitnow", hours=2, two=False, now=clock.now())
    assert purge_at(later(clock.now(), 2 * HOUR + 60)) == 1


def test_the_trail_shows_who_did_what_on_the_own_lines(floor: Counsellor, hanna: Counsellor) -> None:
    makes_key(floor)
    gives_key(floor, hanna)
    rows = [(by, row.action) for row, by in audit_trail.trail(hanna.person) if row.action != "enrolled"]
    key = [("Floor", "review_key")] * 2  # made and confirmed
    assert rows == [("Floor", "review_share"), ("Floor", "approval_asked"), *key]


def test_the_trail_shows_what_the_system_did_on_the_own_lines_and_on_no_other(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    otto = a_supervisor("Otto", stopitnow)
    makes_key(floor)
    made = holds_it(floor, hanna, talked(carla), later(clock.now(), 40 * HOUR))
    makes_key(floor, 2)
    purge_at(made.until)
    line_keys.destroy_old()
    audit.record(None, "approved", subject=carla.device.pk, detail="command")
    of_system = [(row.action, row.detail) for row, alias in audit_trail.trail(hanna.person) if alias == ""]
    assert of_system == [
        ("approved", "command"),
        ("review_key", "destroyed 1"),
        ("hold_ended", "safeguarding"),
    ]
    # Concerns his own device.
    assert {row.action for row, _ in audit_trail.trail(otto.person)} == {"enrolled"}


def test_no_other_seat_s_wraps_are_served_by_this_way(floor: Counsellor, carla: Counsellor) -> None:
    makes_key(floor)
    page = reads(floor, talked(carla))
    assert Wrap.objects.count() == 2
    roles = Member.objects.filter(pk__in=[wrap.member for wrap in page.wraps]).values_list("role", flat=True)
    assert set(roles) == {"review"}
