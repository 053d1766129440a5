"""What a line's first days still lack, for its supervisors, until nothing does."""

from datetime import time

import pytest

from chat.models import Line, WeeklyHours, Work
from chat.supervision import beginning
from chat.supervision.beginning import What
from counsellors.certificates import roots
from counsellors.models import Device, Person, Role, Scope
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import a_supervisor, audited

pytestmark = pytest.mark.django_db


def lacks(who: Counsellor) -> list[str]:
    return [step.what for step in beginning.steps(who.person) if step.lines]


@pytest.fixture
def floor(helpwanted: Line) -> Counsellor:
    Line.objects.filter(pk=helpwanted.pk).update(state=Line.State.HOURS)
    return a_supervisor("Floor", helpwanted)


def test_the_first_supervisor_lacks_everything_but_signatures_where_nobody_certifies(
    floor: Counsellor,
) -> None:
    assert lacks(floor) == [what for what in What if what != What.SIGNING]


def test_each_thing_that_is_done_leaves_the_list(floor: Counsellor, helpwanted: Line) -> None:
    left = lacks(floor)
    noor = Person.objects.invite("noor", "Noor", by=floor.person)
    for role in (Role.Name.SUPERVISOR, Role.Name.COUNSELLOR):
        Role.objects.create(person=noor, name=role)
    Work.objects.create(person=noor, line=helpwanted)
    assert lacks(floor) == left[2:], "who is invited counts"
    Device.objects.filter(pk=floor.device.pk).update(person=noor)
    assert lacks(floor) == left[3:]
    Line.objects.filter(pk=helpwanted.pk).update(review_key=b"\x04" * 65, alert_mail="wacht@example.org")
    assert lacks(floor) == [What.HOURS, What.NUMBERS]
    WeeklyHours.objects.create(line=helpwanted, weekday=0, opens=time(9), closes=time(17))
    beginning.note_numbers_read(floor.person, "helpwanted", now=clock.now())
    assert lacks(floor) == []
    assert audited("numbers_read", floor.person) == [""]


def test_where_a_root_is_signatures_are_asked_for_until_it_signed(
    floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = roots.File(roots=[roots.Root(point="x", since=0, named=True)])
    monkeypatch.setattr(roots, "read_or_none", lambda: file)
    assert What.SIGNING in lacks(floor)
    Scope.objects.create(kind="line", slug="helpwanted", serial=1, not_after=1, quorum=1, signers=[])
    assert What.SIGNING not in lacks(floor)


def test_only_the_own_lines_are_named(floor: Counsellor, stopitnow: Line) -> None:
    assert {line for step in beginning.steps(floor.person) for line in step.lines} == {"helpwanted"}
    with pytest.raises(NotFound):
        beginning.note_numbers_read(floor.person, stopitnow.pk, now=clock.now())
