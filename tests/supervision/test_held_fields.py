"""Nobody alone changes where callers are led, what they are told, or where partners are notified."""

from typing import Any

import pytest
from pytest_django import Settings

from chat.lines import editions
from chat.lines.addresses import CommonHost, HostTaken
from chat.models import ApprovalRequest, Line, Service
from chat.supervision import approval_requests, held_fields, needs_approval
from chat.supervision.held_fields import HELD, NothingChanges, PathTaken
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, NotFound
from tests.support import admin_pages
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor, a_line

pytestmark = pytest.mark.usefixtures("all_long_there", "csg")
Kind = ApprovalRequest.Kind

OTHERS: dict[str, Any] = {
    Kind.HOSTS: "praat.example.org",
    Kind.PATH: "praat",
    Kind.TEMPLATE: "worried-adults",
    Kind.LINE_PHONE: "020-1",
    Kind.LINE_ON_CALL: "06-1234",
    Kind.LINE_SERVICES: ["csg"],
    Kind.ALERT_MAIL: "rooster@example.org",
    Kind.ALERT_URL: "https://example.org/alarm",
    Kind.LINE_ENDED: True,
    Kind.SERVICE_PHONE: "0900-5555",
    Kind.SERVICE_SITE: "https://csg.example/",
    Kind.SERVICE_WEBHOOK: "https://csg.example/bel",
    Kind.SERVICE_ENDED: True,
}


@pytest.fixture
def csg(db: None) -> Service:
    return Service.objects.create(slug="csg", name="CSG")


def pk_of(kind: str) -> str:
    return "helpwanted" if held_fields.FIELDS[kind][0] is Line else "csg"


def value_of(kind: str) -> Any:
    model, name = held_fields.FIELDS[kind]
    row = model.objects.get(pk=pk_of(kind))
    return (
        [one.pk for one in row.services.all()]
        if isinstance(row, Line) and name == "services"
        else getattr(row, name)
    )


def shown_on(line: Line) -> set[str]:
    return {*editions.phones(line)} - {editions.OWN}


def asks(who: Counsellor, kind: str, value: Any, pk: str = "") -> ApprovalRequest:
    return needs_approval.set_field(who.person, kind, pk or pk_of(kind), value, now=clock.now())


@pytest.mark.parametrize("kind", HELD.values())
def test_it_waits_for_a_second_supervisor_and_goes_back_by_the_same_way(
    floor: Counsellor, hanna: Counsellor, kind: str
) -> None:
    before = value_of(kind)
    approval = asks(floor, kind, OTHERS[kind])
    assert (approval.waits, value_of(kind)) == (True, before)
    with pytest.raises(Conflict):
        confirms(floor, approval)
    confirms(hanna, approval)
    assert value_of(kind) == OTHERS[kind]
    confirms(floor, asks(hanna, kind, before))
    assert value_of(kind) == before


def test_an_administrator_only_proposes_and_the_line_s_own_supervisors_decide(
    floor: Counsellor, otto: Counsellor
) -> None:
    approval = needs_approval.set_field(
        admin_pages.ilse(), Kind.HOSTS, "helpwanted", "praat.example.org", now=clock.now()
    )
    assert approval.waits
    with pytest.raises(NotFound):
        confirms(otto, approval)
    confirms(floor, approval)
    assert value_of(Kind.HOSTS) == "praat.example.org"


def test_a_supervisor_of_another_line_asks_for_nothing_of_this_one(otto: Counsellor) -> None:
    with pytest.raises(NotFound):
        asks(otto, Kind.LINE_PHONE, "020-1")


def test_a_service_belongs_to_all_lines_so_any_other_supervisor_says_yes(
    floor: Counsellor, otto: Counsellor
) -> None:
    confirms(otto, asks(floor, Kind.SERVICE_PHONE, "0900-5555"))
    assert value_of(Kind.SERVICE_PHONE) == "0900-5555"


def test_a_line_that_has_nobody_yet_is_every_supervisor_s(otto: Counsellor) -> None:
    a_line("new")
    approval = needs_approval.set_field(admin_pages.ilse(), Kind.PATH, "new", "nieuw", now=clock.now())
    assert approval.waits
    confirms(otto, approval)
    assert Line.objects.get(pk="new").path == "nieuw"


def test_where_nobody_is_second_one_is_enough_and_the_audit_says_so(otto: Counsellor) -> None:
    approval = asks(otto, Kind.LINE_PHONE, "020-1", pk="stopitnow")
    assert not approval.waits
    assert Line.objects.get(pk="stopitnow").phone == "020-1"
    assert AuditRow.objects.get(action="approval_asked").detail == "line_phone – → 020-1 alone"


def test_a_yes_is_for_what_was_read_and_not_for_what_it_became_meanwhile(
    floor: Counsellor, hanna: Counsellor
) -> None:
    approval = asks(floor, Kind.SERVICE_PHONE, "0900-5555")
    Service.objects.update(phone="0900-0101")
    with pytest.raises(Conflict):
        confirms(hanna, approval)
    assert value_of(Kind.SERVICE_PHONE) == "0900-0101"


def test_the_common_host_is_taken_by_no_line_neither_asked_for_nor_confirmed(
    floor: Counsellor, hanna: Counsellor, settings: Settings
) -> None:
    with pytest.raises(CommonHost):
        asks(floor, Kind.HOSTS, "hulp.example")
    settings.OWN_HOSTS = ["hulp.example"]
    approval = asks(floor, Kind.HOSTS, "Hulp.example")
    settings.OWN_HOSTS = []
    with pytest.raises(CommonHost):
        confirms(hanna, approval)
    assert value_of(Kind.HOSTS) == ""


def test_of_two_lines_that_want_one_host_or_one_path_the_second_gets_neither(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    for kind, value, refused in ((Kind.HOSTS, "a.example.org", HostTaken), (Kind.PATH, "praat", PathTaken)):
        approval = asks(floor, kind, value)
        asks(otto, kind, value, pk="stopitnow")
        with pytest.raises(refused):
            confirms(hanna, approval)


def test_no_line_takes_the_slug_of_another_one_as_its_path(floor: Counsellor, otto: Counsellor) -> None:
    Line.objects.filter(pk="stopitnow").update(path="praat")
    with pytest.raises(PathTaken):
        asks(floor, Kind.PATH, "stopitnow")


def test_a_service_that_has_ended_is_no_change_of_its_lines_and_comes_back_to_them(
    floor: Counsellor, hanna: Counsellor, csg: Service, helpwanted: Line
) -> None:
    Service.objects.create(slug="fier", name="Fier", phone="0900-2")
    Service.objects.filter(pk="csg").update(phone="0900-1")
    confirms(hanna, asks(floor, Kind.LINE_SERVICES, ["csg"]))
    assert shown_on(helpwanted) == {"csg"}
    confirms(hanna, asks(floor, Kind.SERVICE_ENDED, True))
    with pytest.raises(NothingChanges):
        asks(floor, Kind.LINE_SERVICES, [])
    assert shown_on(helpwanted) == {"fier"}, "a line whose choice has ended chose none"
    confirms(hanna, asks(floor, Kind.LINE_SERVICES, ["fier"]))
    confirms(hanna, asks(floor, Kind.LINE_SERVICES, []))
    assert shown_on(helpwanted) == {"fier"}
    confirms(hanna, asks(floor, Kind.LINE_SERVICES, ["fier"]))
    confirms(hanna, asks(floor, Kind.SERVICE_ENDED, False))
    assert set(helpwanted.services.values_list("pk", flat=True)) == {"csg", "fier"}


def test_a_request_for_services_is_confirmed_also_if_one_of_them_has_ended_meanwhile(
    floor: Counsellor, hanna: Counsellor, csg: Service, helpwanted: Line
) -> None:
    Service.objects.create(slug="fier", name="Fier", phone="0900-2")
    helpwanted.services.add(csg)
    asked = asks(floor, Kind.LINE_SERVICES, ["csg", "fier"])
    Service.objects.filter(pk="csg").update(ended_at=clock.now())
    confirms(hanna, asked)
    assert shown_on(helpwanted) == {"fier"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.SERVICE_WEBHOOK, "http://csg.example/bel"),
        (Kind.SERVICE_SITE, "javascript:alert(1)"),
        (Kind.ALERT_MAIL, "nobody"),
        (Kind.PATH, "a/b"),
        (Kind.SERVICE_PHONE, "0" * 21),
    ],
)
def test_what_the_field_does_not_take_is_not_asked_for(floor: Counsellor, kind: str, value: str) -> None:
    with pytest.raises(BadFrame):
        asks(floor, kind, value)
    assert not ApprovalRequest.objects.exists()


def test_what_is_not_there_and_what_is_so_already_is_not_asked_for(floor: Counsellor) -> None:
    for kind, value in ((Kind.TEMPLATE, "none"), (Kind.LINE_SERVICES, ["none"])):
        with pytest.raises(NotFound):
            asks(floor, kind, value)
    with pytest.raises(NotFound):
        asks(floor, Kind.SERVICE_PHONE, "1", pk="none")
    with pytest.raises(NothingChanges):
        asks(floor, Kind.HOSTS, "")


@pytest.mark.parametrize(
    ("kind", "secret"), [(Kind.ALERT_URL, "alert_secret"), (Kind.SERVICE_WEBHOOK, "webhook_secret")]
)
def test_another_address_gets_another_secret(
    floor: Counsellor, hanna: Counsellor, kind: str, secret: str
) -> None:
    model = held_fields.FIELDS[kind][0]
    secrets = []
    for address in (OTHERS[kind], "https://else.example/", ""):
        confirms(hanna, asks(floor, kind, address))
        secrets.append(getattr(model.objects.get(pk=pk_of(kind)), secret))
    assert secrets[0].startswith("whsec_")
    assert len({*secrets}) == 3
    assert secrets[2] == ""


def test_the_second_one_reads_what_it_was_and_is_to_be(floor: Counsellor, hanna: Counsellor) -> None:
    Service.objects.update(phone="0800-0113")
    asks(floor, Kind.SERVICE_PHONE, "0900-5555")
    (seen,) = approval_requests.open_approvals(hanna.person, now=clock.now())
    assert (seen.about.name, seen.about.value) == ("CSG", "0800-0113 → 0900-5555")


def test_no_record_tells_a_mail_address_the_number_on_call_or_more_than_the_host_of_a_webhook(
    floor: Counsellor,
) -> None:
    asks(floor, Kind.ALERT_MAIL, "rooster@example.org")
    asks(floor, Kind.ALERT_URL, "https://example.org/alarm?token=t0k")
    asks(floor, Kind.LINE_ON_CALL, "06-1234")
    asked = AuditRow.objects.filter(action="approval_asked")
    assert sorted(asked.values_list("detail", flat=True)) == [
        "alert_mail",
        "alert_url – → example.org",
        "line_on_call",
    ]
