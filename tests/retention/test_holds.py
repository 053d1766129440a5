"""By two supervisors a hold keeps a conversation for the line's review key, until its end and no longer."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chat.conversation import coming_back, endings, erasing, log
from chat.conversation.seats import require_seat
from chat.figures import wrapup
from chat.keys import outer, slot_files
from chat.lines.hours import AMSTERDAM
from chat.models import Conversation, Entry, Hold, JournalHead, Line, Member, Wrap
from chat.retention import dates, holds, journal, line_keys, purge, readings
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import Conflict, Gone, NotFound
from tests.support.domain.cast import Caller, Counsellor, later
from tests.support.domain.rival import faster
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
DAY = 24 * HOUR


@pytest.fixture
def anna(floor: Counsellor, hanna: Counsellor, carla: Counsellor) -> Caller:
    """Makes an ended conversation that both supervisors can open."""
    makes_key(floor)
    gives_key(floor, hanna)
    return talked(carla)


def reads(who: Counsellor, caller: Caller, now: datetime) -> readings.Page:
    reading = readings.ask(who.person, caller.conversation, "safeguarding", now=now)
    return readings.page(who.person, who.device.pk, reading.pk, 0, now=now)


def confirms(who: Counsellor, approval: Hold) -> Hold:
    return holds.confirm(who.person, approval.pk, now=clock.now())


def in_days(days: float) -> datetime:
    return later(clock.now(), days * DAY)


def test_a_hold_takes_two_supervisors_of_the_line(
    anna: Caller, floor: Counsellor, hanna: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    otto, now = a_supervisor("Otto", stopitnow), clock.now()
    with pytest.raises(NotFound):
        holds.ask(otto.person, anna.conversation, "legal", in_days(10), now=now)
    approval = holds.ask(floor.person, anna.conversation, "legal", in_days(10), now=now)
    assert row_of(anna).held_until is None
    with pytest.raises(Conflict):
        holds.confirm(floor.person, approval.pk, now=now)
    with pytest.raises(NotFound):
        holds.confirm(otto.person, approval.pk, now=now)
    confirmed = holds.confirm(hanna.person, approval.pk, now=now)
    assert row_of(anna).held_until == confirmed.until
    with pytest.raises(Conflict):
        holds.confirm(hanna.person, approval.pk, now=now)
    with pytest.raises(NotFound):
        holds.list_of(otto.person, "helpwanted")
    assert [one.pk for one in holds.list_of(hanna.person, "helpwanted")] == [approval.pk]
    rows = AuditRow.objects.filter(subject=anna.recorded_as).order_by("pk")
    assert [(row.action, row.actor) for row in rows] == [
        ("hold_asked", floor.person.handle),
        ("hold_confirmed", hanna.person.handle),
    ]


def test_the_day_of_a_hold_is_on_record_as_the_supervisors_chose_it(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    """This is midnight in Amsterdam, which is the evening before in UTC."""
    midnight = in_days(10).astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)
    approval = holds.ask(floor.person, anna.conversation, "legal", midnight.astimezone(UTC), now=clock.now())
    confirms(hanna, approval)
    day = f"legal {midnight:%Y-%m-%d}"
    assert audited("hold_asked", floor.person) == audited("hold_confirmed", hanna.person) == [day]


def test_a_renewal_takes_the_place_of_what_it_renews_also_once_the_conversation_is_gone(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    holds_it(floor, hanna, anna, in_days(5))
    erasing.erase(anna.seat, now=clock.now())
    approval = holds.ask(hanna.person, anna.conversation, "legal", in_days(20), now=clock.now())
    assert [one.pk for one in holds.approvals(floor.person, now=clock.now())] == [approval.pk]
    assert holds.list_of(floor.person, "helpwanted")[-1].pk == approval.pk
    confirms(floor, approval)
    assert [one.pk for one in holds.list_of(floor.person, "helpwanted")] == [approval.pk]
    assert holds.approvals(floor.person, now=clock.now()) == []


def test_a_request_whose_end_has_come_waits_for_nobody(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    approval = holds.ask(floor.person, anna.conversation, "legal", in_days(0.5), now=clock.now())
    assert holds.approvals(hanna.person, now=approval.until - timedelta(seconds=1)) == [approval]
    assert holds.approvals(hanna.person, now=approval.until) == []


def test_a_request_alone_keeps_nothing(anna: Caller, floor: Counsellor) -> None:
    holds.ask(floor.person, anna.conversation, "legal", in_days(10), now=clock.now())
    assert purge_at(in_days(1.1)) == 1


def test_a_request_lapses_with_its_conversation_and_a_supervisor_who_came_just_now_may_say_yes(
    anna: Caller, floor: Counsellor, helpwanted: Line
) -> None:
    approval = holds.ask(floor.person, anna.conversation, "safeguarding", in_days(10), now=clock.now())
    lapses = holds.lapses(row_of(anna))
    assert not dates.due(later(lapses, -1)).filter(pk=anna.conversation).exists()
    assert dates.due(lapses).filter(pk=anna.conversation).exists()
    held = confirms(a_supervisor("Noor", helpwanted), approval)
    assert holds.lapses(row_of(anna)) == held.until


def test_on_hold_it_survives_its_date_and_d_and_goes_at_the_hold_s_end(
    anna: Caller, floor: Counsellor, hanna: Counsellor, own_keys: Path
) -> None:
    row = row_of(anna)
    made = holds_it(floor, hanna, anna, in_days(10))
    assert sorted(path.name for path in (own_keys / "keys").glob("*.slots")) == sorted(
        slot_files.path_of(own_keys, moment, 1).name for moment in (row.purge_at, made.until)
    )
    for moment in (in_days(1.1), row.purge_at, made.until - timedelta(seconds=1)):
        assert purge_at(moment) == 0
        assert reads(hanna, anna, moment).wraps
        assert purge.overdue(moment) == 0
    left = [path.name for path in (own_keys / "keys").glob("*.slots")]
    assert left == [slot_files.path_of(own_keys, made.until, 1).name]
    assert purge_at(made.until) == 1
    assert not list((own_keys / "keys").glob("*.slots"))
    assert not Conversation.objects.exists()
    assert AuditRow.objects.filter(action="hold_ended", subject=row.recorded_as, actor="").count() == 1


def test_of_two_workers_that_find_a_hold_over_one_notes_it(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    with faster('UPDATE "chat_hold"', lambda: Hold.objects.update(ended_at=made.until)):
        holds.end_past(made.until)
    assert not AuditRow.objects.filter(action="hold_ended").exists()


def test_without_the_hold_s_key_the_held_wraps_do_not_open(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    wrap = Wrap.objects.get(member__role="review")
    place: dict[str, Any] = {"conversation": anna.conversation, "epoch": wrap.epoch, "member": wrap.member_id}
    row = row_of(anna)
    assert outer.open_wrap(bytes(wrap.sealed), **place, slot=row.slot) is None
    assert outer.open_wrap(bytes(wrap.sealed), **place, slot=row.hold_slot) is not None
    slot_files.destroy_until(made.until)
    assert outer.open_wrap(bytes(wrap.sealed), **place, slot=row.hold_slot) is None


def test_past_its_date_a_held_conversation_is_gone_for_everybody_but_the_hold(
    anna: Caller, floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    holds_it(floor, hanna, anna, in_days(10))
    moment = in_days(1.1)
    purge_at(moment)
    assert list(Wrap.objects.values_list("member__role", flat=True)) == ["review"]
    assert readings.listed(floor.person, "helpwanted", before=None, now=moment) == []
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=moment)
    with pytest.raises(Gone):
        require_seat(anna.seat)
    with pytest.raises(NotFound):
        wrapup.wrap_up(carla.person, anna.conversation, {}, now=moment)
    assert reads(floor, anna, moment).wraps


def test_the_end_is_at_most_ninety_days_after_the_first_hold_renewals_included(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    now = clock.now()
    for end in (now, later(now, -DAY), later(now, 90 * DAY + 2 * HOUR)):
        with pytest.raises(Conflict):
            holds.ask(floor.person, anna.conversation, "legal", end, now=now)
    first = holds_it(floor, hanna, anna, later(now, 60 * DAY), now)
    for end in (first.until, later(now, 30 * DAY)):  # a renewal lengthens
        with pytest.raises(Conflict):
            holds.ask(floor.person, anna.conversation, "legal", end, now=now)
    after = later(now, 50 * DAY)
    purge_at(after)
    with pytest.raises(Conflict):
        holds.ask(floor.person, anna.conversation, "legal", later(now, 91 * DAY), now=after)
    renewed = holds_it(hanna, floor, anna, later(now, 90 * DAY), after)
    assert renewed.until <= later(now, 90 * DAY)
    assert purge_at(first.until) == 0
    assert reads(floor, anna, first.until).wraps
    assert purge_at(renewed.until) == 1


def test_a_request_that_waited_too_long_cannot_be_confirmed(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    approval = holds.ask(floor.person, anna.conversation, "legal", in_days(0.5), now=clock.now())
    with pytest.raises(Conflict):
        holds.confirm(hanna.person, approval.pk, now=in_days(0.6))
    other = holds.ask(floor.person, anna.conversation, "legal", in_days(10), now=clock.now())
    with pytest.raises(Conflict):
        # Past its date, so it may be purged at any moment.
        holds.confirm(hanna.person, other.pk, now=in_days(1.1))
    purge_at(in_days(1.1))
    with pytest.raises(NotFound):
        holds.confirm(hanna.person, other.pk, now=in_days(1.1))


def test_one_request_is_open_at_a_time_and_one_s_own_is_said_anew(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    now = clock.now()
    holds.ask(floor.person, anna.conversation, "legal", in_days(10), now=now)
    with pytest.raises(Conflict):
        holds.ask(hanna.person, anna.conversation, "legal", in_days(20), now=now)
    holds.ask(floor.person, anna.conversation, "legal", in_days(30), now=now)
    assert Hold.objects.count() == 1


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_a_request_is_taken_back_by_who_asked_or_refused_by_another(
    anna: Caller, floor: Counsellor, hanna: Counsellor, stopitnow: Line, how: str
) -> None:
    otto, who = a_supervisor("Otto", stopitnow), floor if how == "withdrawn" else hanna
    approval = holds.ask(floor.person, anna.conversation, "legal", in_days(10), now=clock.now())
    with pytest.raises(NotFound):
        holds.drop(otto.person, approval.pk)
    holds.drop(who.person, approval.pk)
    assert holds.list_of(floor.person, "helpwanted") == []
    assert audited("hold_dropped", who.person) == [f"legal {how}"]
    for late in (lambda: holds.drop(floor.person, approval.pk), lambda: confirms(hanna, approval)):
        with pytest.raises(NotFound):
            late()
    holds.ask(hanna.person, anna.conversation, "legal", in_days(10), now=clock.now())


def test_a_caller_who_comes_back_is_told_of_the_hold_that_counts_with_its_own_reason(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    def told() -> Hold | None:
        back = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
        return back.hold

    approval = holds.ask(floor.person, anna.conversation, "legal", in_days(5), now=clock.now())
    assert told() is None, "a request keeps nothing"
    confirms(hanna, approval)
    assert told() == approval
    longer = holds_it(hanna, floor, anna, in_days(9))
    assert told() == longer


def test_a_hold_that_two_agreed_on_is_not_dropped(anna: Caller, floor: Counsellor, hanna: Counsellor) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    for who in (floor, hanna):
        with pytest.raises(Conflict):
            holds.drop(who.person, made.pk)
    assert row_of(anna).held_until == made.until
    assert audited("hold_dropped", floor.person) == []


def test_a_line_without_a_review_key_cannot_hold(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    bilal = talked(carla)
    with pytest.raises(Conflict):
        holds.ask(floor.person, bilal.conversation, "legal", in_days(10), now=clock.now())


def test_a_running_conversation_can_be_held_and_what_comes_later_too(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    anna = talked(carla, ended=False)
    made = holds_it(floor, hanna, anna, in_days(10))
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    moment = row_of(anna).purge_at
    assert purge_at(moment) == 0
    assert [wrap.grant for wrap in reads(floor, anna, moment).wraps] == [1, 2]
    assert purge_at(made.until) == 1


def test_erasing_what_is_held_is_gone_for_everybody_but_the_hold(
    anna: Caller, floor: Counsellor, hanna: Counsellor, carla: Counsellor, own_keys: Path
) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    carla_s = Member.objects.get(conversation=anna.conversation, person=carla.person)
    assert erasing.erase(anna.seat, now=clock.now()) == erasing.Erased(copies=True, hold=made)
    for seat in (anna.seat, type(anna.seat)(anna.conversation, carla_s.pk, carla_s.role)):
        with pytest.raises(Gone):
            log.since(seat, 0)
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    assert not Member.objects.present().filter(conversation=anna.conversation).exists()
    assert readings.listed(floor.person, "helpwanted", before=None, now=clock.now()) == []
    assert [one.pk for one in holds.list_of(floor.person, "helpwanted")] == [made.pk]
    assert reads(floor, anna, clock.now()).wraps
    assert (own_keys / "purged.log").read_text().endswith(" 1 0 held\n")
    assert purge_at(made.until) == 1
    assert not Entry.objects.exists()
    assert len((own_keys / "purged.log").read_text().splitlines()) == 3, (
        "its own slot's twice, and the hold's"
    )


def test_what_was_erased_goes_at_the_end_of_a_hold_that_is_shorter_than_its_date(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(0.5))
    erasing.erase(anna.seat, now=clock.now())
    assert purge_at(made.until - timedelta(seconds=1)) == 0
    assert purge_at(made.until) == 1


def test_a_hold_that_is_shorter_than_the_rows_date_takes_nothing_away(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(0.5))
    assert purge_at(made.until) == 0
    assert reads(floor, anna, made.until).wraps
    assert holds.list_of(floor.person, "helpwanted") == []
    require_seat(anna.seat)
    assert purge_at(in_days(1.1)) == 1


def test_a_backup_from_before_the_erasure_hides_it_again_and_keeps_the_hold(
    anna: Caller, floor: Counsellor, hanna: Counsellor, own_keys: Path
) -> None:
    holds_it(floor, hanna, anna, in_days(10))
    line = f"1 2026-11-26T14:00:00Z {journal.hash_of(anna.recorded_as)} 1 0 held\n"
    (own_keys / "purged.log").write_text(line)  # what the file learned after the backup was made
    assert journal.is_restored()
    call_command("restore-check", stdout=StringIO())
    assert not journal.is_restored()
    with pytest.raises(Gone):
        require_seat(anna.seat)
    assert reads(floor, anna, clock.now()).wraps


def test_a_backup_from_before_the_hold_erases_it(anna: Caller, floor: Counsellor, own_keys: Path) -> None:
    (own_keys / "purged.log").write_text(
        f"1 2026-11-26T14:00:00Z {journal.hash_of(anna.recorded_as)} 1 0 held\n"
    )
    call_command("restore-check", stdout=StringIO())
    assert not Conversation.objects.exists()
    assert JournalHead.objects.get().number == 1


def test_a_hold_that_comes_between_drawing_a_batch_and_deleting_it_wins(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    assert purge.delete([anna.conversation], due_at=in_days(1.1)) == 0
    assert purge.delete([anna.conversation], due_at=made.until) == 1


def test_shares_of_an_earlier_key_stay_while_a_hold_names_it(
    anna: Caller, floor: Counsellor, hanna: Counsellor
) -> None:
    made = holds_it(floor, hanna, anna, in_days(10))
    makes_key(floor, 2)
    purge_at(row_of(anna).purge_at)
    assert line_keys.destroy_old() == 0
    purge_at(made.until)
    assert line_keys.destroy_old() == 1


def test_what_a_hold_alone_keeps_is_hidden_once(anna: Caller, floor: Counsellor, hanna: Counsellor) -> None:
    """If it was hidden again at each purge, it would ring a bell at every console each time."""
    holds_it(floor, hanna, anna, in_days(10))
    moment = in_days(1.1)
    assert holds.hide_past(moment) == 1
    assert holds.hide_past(later(moment, HOUR)) == 0
