"""Two supervisors end a line once nobody is on it, and bring it back. Nothing of it is lost meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client

from chat.conversation import endings
from chat.letters import beginning as letters
from chat.letters.conditions import NoLetters
from chat.lines import open_now, open_or_close, settings
from chat.lines.settings import Settings
from chat.models import ApprovalRequest, Conversation, Figure, Line, Sample
from chat.queue import admission
from chat.supervision import approvers, beginning, held_fields, line_settings, samples
from chat.supervision.approval_kinds import RULES
from chat.supervision.held_fields import StillInside
from helpline.lib import clock
from helpline.lib.errors import LineClosed, NotFound
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor, a_caller, later, taken

pytestmark = pytest.mark.usefixtures("all_long_there")
PLAIN = Settings("Helpwanted", formal=False, boost_soon=timedelta(), boost_acute=timedelta(),
                 goal_at_once=None, goal_soon=None)  # fmt: skip


def asks(who: Counsellor, *, ended: bool = True) -> ApprovalRequest:
    return line_settings.end(who.person, "helpwanted", ended=ended, now=clock.now())


def line() -> Line:
    return Line.objects.get(pk="helpwanted")


def ends(floor: Counsellor, hanna: Counsellor) -> None:
    Line.objects.filter(pk="helpwanted").update(state=Line.State.OPEN)
    confirms(hanna, asks(floor))


# By two


def test_an_end_takes_two_supervisors_of_the_line_and_so_does_bringing_it_back(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    approval = asks(floor)
    assert line().ended_at is None
    assert line_settings.read(hanna.person, "helpwanted", now=clock.now()).waits == {"ended": "end"}
    with pytest.raises(NotFound):
        confirms(otto, approval)
    confirms(hanna, approval)
    assert line().ended_at is not None
    back = asks(hanna, ended=False)
    assert (back.waits, held_fields.in_words(back)) == (True, "back")
    confirms(floor, back)
    assert line().ended_at is None


def test_it_comes_back_without_what_was_set_by_hand_before(floor: Counsellor, hanna: Counsellor) -> None:
    """Otherwise the board would say that it is closed until a time at which nothing happens."""
    now = clock.now()
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="open", most=None, reason="", until=later(now, 3600), now=now
    )
    confirms(hanna, asks(floor))
    confirms(floor, asks(hanna, ended=False))
    assert (line().state, line().steered_until, line().steered_at, line().reason) == (
        "closed",
        None,
        None,
        "",
    )


def test_it_comes_back_closed_and_without_letters(floor: Counsellor, hanna: Counsellor) -> None:
    Line.objects.filter(pk="helpwanted").update(letters=Line.Letters.ALWAYS)
    ends(floor, hanna)
    confirms(floor, asks(hanna, ended=False))
    assert (line().state, line().letters) == ("closed", "never")


def test_a_supervisor_of_another_line_asks_nothing(otto: Counsellor) -> None:
    with pytest.raises(NotFound):
        asks(otto)


# Nobody is lost


def test_a_line_does_not_end_while_somebody_waits_or_talks_there(
    floor: Counsellor, hanna: Counsellor
) -> None:
    caller = a_caller()
    with pytest.raises(StillInside):
        asks(floor)
    assert not ApprovalRequest.objects.exists()
    endings.end(Conversation.objects.get(pk=caller.seat.conversation), "closed", now=clock.now())
    assert asks(floor).waits


def test_the_form_says_beforehand_how_many_keep_the_line_from_ending(
    floor: Counsellor, carla: Counsellor
) -> None:
    def inside() -> tuple[int, int, int]:
        found = line_settings.read(floor.person, "helpwanted", now=clock.now()).inside
        return found.waiting, found.talking, found.letters

    assert inside() == (0, 0, 0)
    taken(carla)
    a_caller()
    a_caller("stopitnow")
    assert inside() == (1, 1, 0)
    Conversation.objects.filter(line="helpwanted", state="waiting").update(written="new")
    assert inside() == (0, 1, 1)


def test_whoever_came_in_since_it_was_asked_keeps_it_from_ending(
    floor: Counsellor, hanna: Counsellor
) -> None:
    approval = asks(floor)
    a_caller()
    with pytest.raises(StillInside):
        confirms(hanna, approval)
    assert line().ended_at is None
    assert ApprovalRequest.objects.get().waits


def test_a_line_that_ended_takes_no_caller_even_one_who_found_it_open_just_before(
    floor: Counsellor, hanna: Counsellor
) -> None:
    Line.objects.filter(pk="helpwanted").update(state=Line.State.OPEN)
    found = admission.find_place("helpwanted", now=clock.now())
    confirms(hanna, asks(floor))
    Line.objects.filter(pk="helpwanted").update(state=Line.State.OPEN)
    with pytest.raises(LineClosed):
        admission.claim_place(found, now=clock.now())
    with pytest.raises(LineClosed):
        admission.find_place("helpwanted", now=clock.now())
    assert open_now.opening(line()).opens is None


def test_it_takes_no_letter_even_one_that_was_begun_just_before(floor: Counsellor, hanna: Counsellor) -> None:
    found = line()
    ends(floor, hanna)
    with pytest.raises(NoLetters):
        letters._require_goes_on(found)


# What is shown


def test_its_page_says_that_it_has_stopped_and_where_else_to_go(
    client: Client, floor: Counsellor, hanna: Counsellor
) -> None:
    ends(floor, hanna)
    page = client.get(f"/nl/{line().path}/").content.decode()
    assert "112" in page
    state = client.get(f"/api/lines/{line().pk}/").json()
    assert (state["open"], state["ended"], state["opens"]) == (False, True, None)
    assert state["says"]["nl"] == "Deze hulplijn is gestopt"


def test_nobody_is_led_to_it_from_the_list_of_all_lines(
    client: Client, floor: Counsellor, hanna: Counsellor, stopitnow: Line
) -> None:
    address = f"/nl/{line().path}/"
    assert address in client.get("/nl/").content.decode()
    ends(floor, hanna)
    page = client.get("/nl/").content.decode()
    assert address not in page
    assert f"/nl/{stopitnow.path}/" in page


def test_it_lacks_nothing_any_more_and_no_sample_of_it_is_taken_while_past_figures_stay(
    floor: Counsellor, hanna: Counsellor
) -> None:
    Figure.objects.create(name="started", key="", line=line(), hour=clock.now(), value=3)
    ends(floor, hanna)
    assert all("helpwanted" not in step.lines for step in beginning.steps(floor.person, now=clock.now()))
    assert "helpwanted" not in approvers.without_second(now=clock.now())
    samples.take(now=clock.now())
    assert not Sample.objects.filter(line="helpwanted").exists()
    assert Figure.objects.get(line="helpwanted").value == 3


def test_its_settings_are_read_but_not_changed(floor: Counsellor, hanna: Counsellor) -> None:
    ends(floor, hanna)
    shown = line_settings.read(floor.person, "helpwanted", now=clock.now())
    assert shown.line.ended
    with pytest.raises(NotFound):
        settings.change(floor.person, "helpwanted", PLAIN, version=shown.line.version)


def test_the_approver_reads_that_it_is_an_end(floor: Counsellor) -> None:
    assert RULES["line_ended"].about(asks(floor)).value == "end"
