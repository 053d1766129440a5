"""Supervisors maintain the referral directory: what one may write, what needs two, and what remains after an
end."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from chat import bells, states
from chat.handoff import directory, entries, invitations, referrals
from chat.handoff.entries import ChangedMeanwhile, TooManyServices, Written
from chat.handoff.invitations import To
from chat.lines import editions, timetables
from chat.lines.hours import DAY_AND_NIGHT, Schedule
from chat.models import ApprovalRequest, DatedHours, Line, Service, WeeklyHours
from chat.spans import Span
from chat.states import How
from chat.supervision import approval_requests, held_fields, service_entries
from chat.supervision.approval_kinds import OF_EVERY_LINE
from chat.supervision.held_fields import HELD, StaysListed
from chat.supervision.held_forms import AskedAlready
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound, WrongField
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor, a_caller, a_partner
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.usefixtures("all_long_there")
TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
CSG = Written(
    name="CSG", purpose={"nl": "Na seksueel geweld"}, for_callers={"nl": "Hulp.", "nl.formal": "Hulp."},
    needs="aanranding", chat=True, free=True, languages="nl en", age_from=12, age_to=None,
    always_open=False, source="csg.example", verified_on=None,
)  # fmt: skip
GIVES = {"phone": "0800-0188", "site": "https://csg.example/", "webhook_url": ""}
NOTHING = {"phone": "", "site": "", "webhook_url": ""}


@pytest.fixture
def csg(floor: Counsellor) -> Service:
    return entries.make(floor.person, CSG, now=clock.now())


def changes(who: Counsellor, written: Written, version: int = 0, **held: Any) -> service_entries.Saved:
    return service_entries.change(
        who.person, "csg", written, NOTHING | held, version=version, now=clock.now()
    )


def ends(who: Counsellor, slug: str = "csg", *, ended: bool = True) -> ApprovalRequest:
    return service_entries.end(who.person, slug, ended=ended, now=clock.now())


def offered() -> set[str]:
    return {row.service.pk for row in directory.listed(now=clock.now())}


def of_service(action: str = "service") -> list[tuple[str, str]]:
    return list(AuditRow.objects.filter(action=action).values_list("subject", "detail"))


# Making and changing


def test_a_service_is_made_at_once_and_its_number_and_site_wait_for_a_second_one(
    floor: Counsellor, otto: Counsellor
) -> None:
    saved = service_entries.make(floor.person, CSG, GIVES, now=clock.now())
    made = Service.objects.get(pk="csg")
    assert (made.needs, made.for_callers, made.phone, made.site) == ("aanranding", CSG.for_callers, "", "")
    assert saved.asked == ["phone", "site"]
    shown = service_entries.listed(floor.person, now=clock.now())
    (row,) = [one for one in shown if one.entry.service.pk == "csg"]
    assert row.waits == {"phone": "0800-0188", "site": "https://csg.example/"}
    for approval in ApprovalRequest.objects.open(clock.now()):
        confirms(otto, approval)
    made.refresh_from_db()
    assert (made.phone, made.site) == ("0800-0188", "https://csg.example/")
    assert of_service() == [("csg", "added")]


def test_of_one_name_the_second_service_gets_another_slug_and_none_gets_a_line_s(
    floor: Counsellor, helpwanted: Line
) -> None:
    made = [
        entries.make(floor.person, replace(CSG, name=name), now=clock.now()).pk
        for name in ("CSG", "C.S.G.", "csg", "Helpwanted", "Line", "你好")
    ]
    assert made == ["csg", "csg-2", "csg-3", "helpwanted-2", "line-2", "dienst"]


def test_what_changes_is_on_record_by_its_fields_and_never_by_what_they_say(
    floor: Counsellor, csg: Service
) -> None:
    changes(floor, replace(CSG, needs="geheim woord", age_to=99))
    assert of_service() == [("csg", "added"), ("csg", "changed needs age_to")]
    assert not AuditRow.objects.filter(detail__contains="geheim").exists()


def test_saving_it_as_it_is_changes_and_asks_nothing(floor: Counsellor, csg: Service) -> None:
    assert changes(floor, CSG).asked == []
    csg.refresh_from_db()
    assert (csg.version, of_service()) == (0, [("csg", "added")])


def test_of_two_who_change_it_at_once_the_second_overwrites_nothing(
    floor: Counsellor, otto: Counsellor, csg: Service
) -> None:
    changes(floor, replace(CSG, needs="eerste"))
    with pytest.raises(ChangedMeanwhile):
        changes(otto, replace(CSG, needs="tweede"))
    with pytest.raises(ChangedMeanwhile):
        changes(otto, CSG)
    changes(otto, replace(CSG, needs="tweede"), version=1)
    csg.refresh_from_db()
    assert (csg.needs, csg.version) == ("tweede", 2)


WRONG: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({"name": ""}, {}, "name"),
    ({"age_from": 18, "age_to": 8}, {}, "age_to"),
    ({"languages": "Nederlands"}, {}, "languages"),
    ({"purpose": {"tlh": "nuqneH"}}, {}, "purpose"),
    ({"purpose": {"nl.formal": "u"}}, {}, "purpose"),
    ({"verified_on": (clock.now() + timedelta(days=3)).date()}, {}, "verified_on"),
    ({}, {"phone": "bel ons"}, "phone"),
    ({}, {"site": "http://csg.example/"}, "site"),
    ({}, {"webhook_url": "javascript:x"}, "webhook_url"),
]


@pytest.mark.parametrize(("fact", "held", "field"), WRONG)
def test_what_is_wrong_is_told_by_its_field_and_nothing_of_it_is_stored(
    floor: Counsellor, csg: Service, fact: dict[str, Any], held: dict[str, Any], field: str
) -> None:
    with pytest.raises(WrongField) as refused:
        changes(floor, replace(CSG, **({"needs": "iets anders"} | fact)), **held)
    assert refused.value.facts == {"field": field}
    csg.refresh_from_db()
    assert (csg.needs, csg.version, ApprovalRequest.objects.count()) == ("aanranding", 0, 0)


def test_what_a_colleague_asked_for_is_decided_first_and_the_field_is_named(
    floor: Counsellor, otto: Counsellor, csg: Service
) -> None:
    assert changes(floor, CSG, phone="0900-0188").asked == ["phone"]
    with pytest.raises(AskedAlready) as refused:
        changes(otto, replace(CSG, needs="x"), phone="0800-0188")
    assert refused.value.facts == {"field": "phone"}
    csg.refresh_from_db()
    assert csg.needs == "aanranding"
    assert changes(otto, replace(CSG, needs="x")).asked == [], "the rest of it can be saved"


def test_a_form_that_was_open_while_two_changed_the_number_does_not_bring_the_old_one_back(
    floor: Counsellor, otto: Counsellor, csg: Service
) -> None:
    before = csg.version
    confirms(otto, changes_phone(floor))
    with pytest.raises(ChangedMeanwhile):
        changes(floor, replace(CSG, needs="x"), before, phone="")
    assert not ApprovalRequest.objects.open(clock.now()).exists()
    assert Service.objects.get(pk="csg").phone == "0800-0188"


def test_whoever_decides_alone_can_save_the_form_again(
    floor: Counsellor, csg: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approval_requests, "_is_alone", lambda *_, **__: True)
    saved = changes(floor, CSG, phone="0800-0188")
    assert (saved.asked, saved.service.phone) == ([], "0800-0188")
    changes(floor, replace(CSG, needs="x"), saved.service.version, phone="0800-0188")


def test_a_directory_has_a_bound(floor: Counsellor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_SERVICES", Service.objects.count())
    with pytest.raises(TooManyServices):
        entries.make(floor.person, CSG, now=clock.now())


def test_everybody_who_works_here_is_told_of_a_change(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor, csg: Service, every_bell: Rung
) -> None:
    everybody = [bells.ServicesChanged()]  # once, and not for each of them
    rung = every_bell(lambda: changes(floor, replace(CSG, needs="x")))
    assert [bell for bell in rung if isinstance(bell, bells.ServicesChanged)] == everybody
    approval = ends(floor)
    rung = every_bell(lambda: confirms(otto, approval))
    assert [bell for bell in rung if isinstance(bell, bells.ServicesChanged)] == everybody


# Opening hours


def nine_to_five(**more: Any) -> Schedule:
    return Schedule(((Span(time(9), time(17)),),) * 5 + ((), ()), **more)


def test_a_day_s_hours_may_be_typed_in_any_order_and_saved_twice(floor: Counsellor, csg: Service) -> None:
    def sets(schedule: Schedule, version: str = "") -> str:
        made = entries.change_hours(
            floor.person, "csg", schedule, keep=True, now=clock.now(), version=version
        )
        return made.version

    evening_first = (Span(time(18), time(22)), Span(time(9), time(12)))
    seen = sets(Schedule((evening_first,) * 7))
    assert seen == entries.hours("csg", now=clock.now()).version
    sets(nine_to_five(), seen)


def test_hours_are_tried_kept_and_unknown_again_without_any_time(floor: Counsellor, csg: Service) -> None:
    def sets(schedule: Schedule, *, keep: bool = True) -> timetables.Timetable:
        return entries.change_hours(floor.person, "csg", schedule, keep=keep, now=clock.now())

    assert sets(nine_to_five(), keep=False).schedule.week[0]
    assert not WeeklyHours.objects.exists()
    sets(nine_to_five())
    assert entries.hours("csg", now=clock.now()).schedule.week == nine_to_five().week
    sets(Schedule(((),) * 7))
    assert not WeeklyHours.objects.exists()
    assert [row.open for row in directory.listed(now=clock.now()) if row.service.pk == "csg"] == [None]
    assert ("csg", "changed service_hours") in of_service()
    with pytest.raises(timetables.HoursNothing):
        sets(Schedule(((Span(time(9), time(9)),), *((),) * 6)))
    assert not DatedHours.objects.exists()


# The end


def test_an_end_takes_two_and_so_does_bringing_back_with_all_as_it_was(
    floor: Counsellor, otto: Counsellor, csg: Service
) -> None:
    confirms(otto, changes_phone(floor))
    asked = ends(floor)
    assert (asked.waits, offered()) == (True, {"csg"})
    confirms(otto, asked)
    assert offered() == set()
    with pytest.raises(NotFound):
        changes(floor, CSG)
    confirms(floor, ends(otto, ended=False))
    assert offered() == {"csg"}
    assert Service.objects.get(pk="csg").phone == "0800-0188"
    details = [detail for _, detail in of_service("approval_confirmed")]
    assert details == ["service_phone – → 0800-0188", "service_ended end", "service_ended back"]


def changes_phone(who: Counsellor) -> ApprovalRequest:
    changes(who, CSG, phone="0800-0188")
    return ApprovalRequest.objects.get(kind=ApprovalRequest.Kind.SERVICE_PHONE, ended_at=None)


def test_nobody_is_newly_referred_to_a_service_that_ended_and_a_request_under_way_goes_on(
    floor: Counsellor, otto: Counsellor, carla: Counsellor, csg: Service
) -> None:
    Service.objects.update(desk=True, phone="0800-0188")
    gijs, anna = a_partner("Gijs", csg), a_caller()
    seat = carla.takes_next()
    anna.grants()
    ringing = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    (row,) = [one for one in entries.all_entries() if one.service.pk == "csg"]
    assert row.in_use == 1
    confirms(otto, ends(floor))
    invitations.consent(anna.seat, ringing.pk, yes=True, history=True, now=clock.now())
    member = invitations.accept(ringing.pk, gijs.person, gijs.device.pk, now=clock.now())
    assert member.role == states.SeatRole.PARTNER
    another = a_caller()
    seat = carla.takes_next()
    another.grants()
    with pytest.raises(NotFound):
        invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    with pytest.raises(NotFound):
        referrals.refer(seat, "csg", now=clock.now())


def test_a_line_no_longer_shows_the_number_of_a_service_that_ended(
    floor: Counsellor, otto: Counsellor, csg: Service, helpwanted: Line
) -> None:
    Service.objects.update(phone="0800-0188")
    helpwanted.services.add(csg)
    assert "csg" in editions.phones(helpwanted)
    assert [row.service.pk for row in directory.of_line(helpwanted, now=clock.now())] == ["csg"]
    confirms(otto, ends(floor))
    assert "csg" not in editions.phones(helpwanted)
    assert directory.of_line(helpwanted, now=clock.now()) == []


def test_112_does_not_end(floor: Counsellor) -> None:
    Service.objects.create(slug="112", name="112", phone="112")
    with pytest.raises(StaysListed):
        ends(floor, "112")


# Who writes what


def test_each_field_of_a_service_is_written_by_whom_the_table_says() -> None:
    text = TABLE.read_text().split("## Fields of services\n")[1].split("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| service |")]
    table = dict([cell.strip() for cell in line.strip("|").split("|")][1:3] for line in rows)
    by_two = {name for (model, name) in HELD if model is Service} - {held_fields.ENDED}
    expected = {
        field.name: "two"
        if field.name in {*by_two, "ended_at", "contact_mail", "contact_url"}
        else "one"
        if field.name in {*CSG.columns()}
        else "–"
        for field in Service._meta.concrete_fields
    }
    assert table == expected
    kinds = {kind for (model, _), kind in HELD.items() if model is Service}
    assert kinds <= {*OF_EVERY_LINE}, "any supervisor says yes"


def test_four_weeks_of_a_service_are_open_day_and_night_or_unknown_and_never_shut_for_want_of_hours(
    floor: Counsellor,
) -> None:
    now = clock.now()
    csg = Service.objects.create(slug="csg", name="CSG", always_open=True)
    assert {day.spans for day in entries.hours("csg", now=now).preview} == {DAY_AND_NIGHT[0]}
    Service.objects.filter(pk="csg").update(always_open=False)
    assert entries.hours("csg", now=now).preview == (), "nobody knows"
    week = Schedule((DAY_AND_NIGHT[0], *((),) * 6))
    tried = entries.change_hours(floor.person, csg.pk, week, keep=False, now=now).preview
    assert sum(bool(day.spans) for day in tried) == 4, "the four Mondays"


def test_lines_that_share_a_service_are_named_to_their_own_supervisors_and_counted_for_others(
    helpwanted: Line, stopitnow: Line, floor: Counsellor, otto: Counsellor
) -> None:
    csg, fier = (Service.objects.create(slug=slug, name=slug) for slug in ("csg", "fier"))
    helpwanted.services.set([csg, fier])
    stopitnow.services.set([csg])

    def told(who: Counsellor) -> dict[str, tuple[list[str], int]]:
        shown = service_entries.listed(who.person, now=clock.now())
        return {one.entry.service.pk: (one.lines, one.other_lines) for one in shown}

    assert told(floor)["csg"] == ([helpwanted.name], 1)
    assert told(otto)["csg"] == ([stopitnow.name], 1)
    assert (told(floor)["fier"], told(otto)["fier"]) == (([helpwanted.name], 0), ([], 1))
    Line.objects.filter(pk="stopitnow").update(ended_at=clock.now())
    assert told(floor)["csg"] == ([helpwanted.name], 0)
