"""Before somebody asks for what takes two, the board says what will follow, and that is what follows."""

from datetime import timedelta

import pytest

from chat.models import Line
from chat.supervision import approval_requests, line_settings
from counsellors.models import Device
from helpline.lib import clock
from tests.support.domain.approvals import gone, wants_longer
from tests.support.domain.cast import Counsellor, later

pytestmark = pytest.mark.usefixtures("all_long_there")


def told(who: Counsellor, line: str | None) -> tuple[bool, list[str]]:
    rows = approval_requests.approvers_by_line(who.person, now=clock.now())
    (found,) = [one for one in rows if one.line == line]
    return found.alone, [person.alias for person in found.others]


def test_who_has_a_second_one_reads_the_name(floor: Counsellor, hanna: Counsellor) -> None:
    assert told(floor, "helpwanted") == (False, ["Hanna"])
    assert told(hanna, "helpwanted") == (False, ["Floor"])
    assert wants_longer(floor).waits


def test_who_is_alone_on_a_line_reads_that_it_counts_at_once_and_it_does(otto: Counsellor) -> None:
    assert told(otto, "stopitnow") == (True, [])
    assert told(otto, None) == (False, ["Floor", "Hanna"]), "a service concerns every line"
    assert not line_settings.end(otto.person, "stopitnow", ended=True, now=clock.now()).waits
    assert Line.objects.get(pk="stopitnow").ended


def test_while_nobody_can_say_yes_nobody_is_named_and_it_waits(floor: Counsellor, hanna: Counsellor) -> None:
    Device.objects.filter(person=hanna.person).update(state=Device.State.REVOKED)
    assert told(floor, "helpwanted") == (False, [])
    assert wants_longer(floor).waits
    gone(hanna, 31)
    assert told(floor, "helpwanted") == (True, [])


def test_after_a_supervisor_s_device_was_lost_nobody_is_named_for_a_week(
    floor: Counsellor, hanna: Counsellor
) -> None:
    approval_requests.rest(floor.person, ["helpwanted"], "d1", now=clock.now())
    assert told(floor, "helpwanted") == (False, [])
    after = later(clock.now(), timedelta(days=7, minutes=1).total_seconds())
    (line,) = [one for one in approval_requests.approvers_by_line(floor.person, now=after) if one.line]
    assert [person.alias for person in line.others] == ["Hanna"]
