"""A supervisor asks for a new line and a second one confirms it. From then on both supervise it."""

from dataclasses import replace

import pytest

from chat import bells
from chat.lines.templates import Wanted
from chat.models import ApprovalRequest, LastProven, Line, OwnCode, Service, Work
from chat.supervision import (
    approval_requests,
    approvers,
    beginning,
    line_settings,
    needs_approval,
    service_entries,
)
from chat.supervision.approval_requests import Kind
from chat.supervision.beginning import What
from chat.supervision.held_fields import IsALine
from chat.supervision.held_forms import AskedAlready
from counsellors.models import AuditRow, Role
from helpline.lib import clock
from helpline.lib.errors import Conflict, WrongField
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.usefixtures("all_long_there")
WANTED = Wanted("worried-adults", slug="zorgen", name="Zorgen", phone="0800-1234")


def asks(who: Counsellor, wanted: Wanted = WANTED) -> ApprovalRequest:
    return line_settings.make(who.person, wanted, now=clock.now())


def who_works_there() -> set[str]:
    return set(Work.objects.filter(line="zorgen").values_list("person__alias", flat=True))


def test_a_line_is_made_closed_once_a_second_one_says_yes_and_both_supervise_it(
    floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    approval = asks(floor)
    assert approval.waits
    assert not Line.objects.filter(pk="zorgen").exists()
    (seen,) = approval_requests.open_approvals(otto.person, now=clock.now())
    assert (seen.about.name, seen.about.value) == ("Zorgen", "zorgen worried-adults 0800-1234")
    confirms(otto, approval)
    line = Line.objects.get(pk="zorgen")
    assert (line.name, line.path, line.phone, line.state) == ("Zorgen", "zorgen", "0800-1234", "closed")
    assert OwnCode.objects.filter(line=line).exists(), "it begins with the codes of its template"
    assert who_works_there() == {floor.person.alias, otto.person.alias}
    assert list(AuditRow.objects.filter(action="line").values_list("subject", "detail")) == [
        ("zorgen", "added")
    ]


def test_partners_hand_callers_back_to_the_new_line_by_its_entry_which_stays_as_long_as_the_line(
    floor: Counsellor, otto: Counsellor
) -> None:
    confirms(otto, asks(floor))
    entry = Service.objects.offered().get(pk="zorgen")
    assert (entry.name, entry.phone, entry.is_a_line) == ("Zorgen", "0800-1234", True)
    with pytest.raises(IsALine):
        service_entries.end(floor.person, "zorgen", ended=True, now=clock.now())
    now = clock.now()
    confirms(otto, line_settings.end(floor.person, "zorgen", ended=True, now=now))
    confirms(otto, service_entries.end(floor.person, "zorgen", ended=True, now=now))
    assert not Service.objects.offered().filter(pk="zorgen").exists()
    confirms(otto, line_settings.end(floor.person, "zorgen", ended=False, now=now))
    assert Service.objects.offered().filter(pk="zorgen").exists(), "it came back with the line"


def test_on_the_new_line_neither_of_them_is_alone_from_the_first_moment(
    floor: Counsellor, otto: Counsellor
) -> None:
    confirms(otto, asks(floor))
    for one, other in ((floor, otto), (otto, floor)):
        assert approvers.exist(one.person, ["zorgen"], now=clock.now())
        assert other.person in approvers.who_may_confirm(one.person, ["zorgen"], now=clock.now())
    assert needs_approval.set_field(floor.person, Kind.LINE_PHONE, "zorgen", "020-1", now=clock.now()).waits


def test_what_the_new_line_still_needs_is_on_the_list_of_whoever_supervises_it(
    floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    confirms(otto, asks(floor))
    lacking = {step.what: step.lines for step in beginning.steps(floor.person, now=clock.now())}
    assert "zorgen" in lacking[What.HOURS]
    assert "zorgen" not in lacking[What.SUPERVISORS]
    assert all("zorgen" not in step.lines for step in beginning.steps(hanna.person, now=clock.now()))


def test_whoever_is_no_supervisor_any_more_when_it_is_made_does_not_get_it(
    floor: Counsellor, otto: Counsellor
) -> None:
    approval = asks(floor)
    Role.objects.filter(person=floor.person).delete()
    confirms(otto, approval)
    assert who_works_there() == {otto.person.alias}


def test_where_nobody_else_counts_it_is_made_at_once_and_the_audit_says_so(floor: Counsellor) -> None:
    LastProven.objects.exclude(person=floor.person).delete()
    assert not asks(floor).waits
    assert who_works_there() == {floor.person.alias}
    row = AuditRow.objects.get(action="approval_asked")
    assert (row.subject, row.detail) == ("zorgen", "new_line zorgen worried-adults 0800-1234 alone")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"template": "nobody"}, "template"),
        ({"name": ""}, "name"),
        ({"slug": ""}, "path"),
        ({"slug": "met spatie"}, "path"),
        ({"slug": "Zorgen"}, "path"),
        ({"slug": "z" * 33}, "path"),
        ({"slug": "practice-zorgen"}, "path"),
        ({"slug": "line"}, "path"),
        ({"slug": "stopitnow"}, "path"),
        ({"slug": "praat"}, "path"),
        ({"slug": "csg"}, "path"),
        ({"phone": "bel ons"}, "phone"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_nothing_is_asked(
    floor: Counsellor, stopitnow: Line, wrong: dict[str, str], field: str
) -> None:
    Line.objects.filter(pk="stopitnow").update(path="praat")
    Service.objects.create(slug="csg", name="CSG")
    with pytest.raises(WrongField) as refused:
        asks(floor, replace(WANTED, **wrong))
    assert refused.value.facts == {"field": field}
    assert not ApprovalRequest.objects.exists()


def test_a_colleague_s_request_for_the_same_address_is_decided_first(
    floor: Counsellor, otto: Counsellor
) -> None:
    asks(floor)
    with pytest.raises(AskedAlready) as refused:
        asks(otto, replace(WANTED, name="Andere"))
    assert refused.value.facts == {"field": "path"}
    asks(otto, replace(WANTED, slug="anders"))


def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(floor: Counsellor, otto: Counsellor) -> None:
    approval = asks(floor)
    Line.objects.filter(pk="stopitnow").update(path="zorgen")
    with pytest.raises(Conflict):
        confirms(otto, approval)
    assert not Line.objects.filter(pk="zorgen").exists()
    assert ApprovalRequest.objects.get().waits


def test_boards_of_both_are_told(floor: Counsellor, otto: Counsellor, every_bell: Rung) -> None:
    approval = asks(floor)
    rung = every_bell(lambda: confirms(otto, approval))
    told = {bell.person for bell in rung if isinstance(bell, bells.StaffChanged)}
    assert told == {floor.person.pk, otto.person.pk}
