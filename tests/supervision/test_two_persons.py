"""What nobody should do alone: asked by one person, confirmed by another, each on record."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from chat.models import LastProven, Line, Service, Wish, Work
from chat.retention import review_keys
from chat.supervision import needs_two, seconds, staff_devices, two_persons
from chat.supervision.two_persons import Kind
from counsellors import devices
from counsellors.models import AuditRow, Device, Person, Role
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, NotFound
from tests.support import admin_pages
from tests.support.domain.cast import Counsellor, a_caller, later, taken
from tests.support.domain.supervisors import a_supervisor, audited, gives_key, long_there, makes_key

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _two(floor: Counsellor, hanna: Counsellor, otto: Counsellor) -> None:
    long_there(floor, hanna, otto)


def wants_longer(who: Counsellor, hours: int = 720) -> Wish:
    (wish,) = needs_two.set_keeping(who.person, "helpwanted", hours=hours, two=False, now=clock.now())
    return wish


def kept() -> timedelta:
    return Line.objects.get(pk="helpwanted").retention


def asks_for_role(who: Person, of: Counsellor, role: str = "supervisor") -> Wish:
    return two_persons.ask(who, Kind.ROLE, subject=of.person.handle, value=role, now=clock.now())


def confirms(who: Counsellor, wish: Wish, seconds_later: float = 0) -> Wish:
    return two_persons.confirm(who.person, wish.pk, now=later(clock.now(), seconds_later))


def gone(who: Counsellor, days: int) -> None:
    LastProven.objects.filter(person=who.person).update(at=clock.now() - timedelta(days=days))


# A wish and its second person


def test_a_longer_retention_waits_until_another_supervisor_confirms_it(
    floor: Counsellor, hanna: Counsellor
) -> None:
    wish = wants_longer(floor)
    assert wish.waits
    assert kept() == timedelta(hours=24)
    confirms(hanna, wish)
    assert kept() == timedelta(hours=720)
    assert audited("wish_asked", floor.person) == ["retention 720"]
    assert audited("wish_confirmed", hanna.person) == ["retention 720"]


def test_a_shorter_retention_and_reading_with_two_are_set_at_once(floor: Counsellor) -> None:
    asked = needs_two.set_keeping(floor.person, "helpwanted", hours=2, two=True, now=clock.now())
    assert asked == []
    line = Line.objects.get(pk="helpwanted")
    assert (line.retention, line.review_needs_two) == (timedelta(hours=2), True)


def test_one_supervisor_alone_does_not_switch_off_that_two_must_read(
    floor: Counsellor, hanna: Counsellor
) -> None:
    Line.objects.filter(pk="helpwanted").update(review_needs_two=True)
    (wish,) = needs_two.set_keeping(floor.person, "helpwanted", hours=24, two=False, now=clock.now())
    assert Line.objects.get(pk="helpwanted").review_needs_two
    confirms(hanna, wish)
    assert not Line.objects.get(pk="helpwanted").review_needs_two


def test_nobody_confirms_their_own_wish(floor: Counsellor) -> None:
    with pytest.raises(Conflict):
        confirms(floor, wants_longer(floor))
    assert kept() == timedelta(hours=24)


def test_a_supervisor_of_another_line_learns_nothing_of_a_wish(floor: Counsellor, otto: Counsellor) -> None:
    wish = wants_longer(floor)
    assert two_persons.open_wishes(otto.person, now=clock.now()) == []
    with pytest.raises(NotFound):
        confirms(otto, wish)
    with pytest.raises(NotFound):
        two_persons.drop(otto.person, wish.pk, now=clock.now())


def test_a_wish_says_who_may_confirm_it_and_until_when(floor: Counsellor, hanna: Counsellor) -> None:
    wish = wants_longer(floor)
    (own,) = two_persons.open_wishes(floor.person, now=clock.now())
    (hers,) = two_persons.open_wishes(hanna.person, now=clock.now())
    assert (own.own, own.may, own.others) == (True, False, [hanna.person])
    assert (hers.own, hers.may, hers.others) == (False, True, [])
    assert own.until == wish.asked_at + timedelta(days=1)


def test_a_wish_lapses_after_a_day(floor: Counsellor, hanna: Counsellor) -> None:
    wish = wants_longer(floor)
    with pytest.raises(Conflict):
        confirms(hanna, wish, DAY + 1)
    assert two_persons.open_wishes(hanna.person, now=later(clock.now(), DAY + 1)) == []
    assert two_persons.lapse(later(clock.now(), DAY - 1)) == 0
    assert two_persons.lapse(later(clock.now(), DAY + 1)) == 1
    assert AuditRow.objects.filter(action="wish_lapsed", actor="", subject="helpwanted").exists()
    assert wants_longer(hanna).waits


def test_how_long_a_wish_waits_is_a_setting(floor: Counsellor, hanna: Counsellor, settings: Settings) -> None:
    settings.WISH = timedelta(seconds=10)
    wish = wants_longer(floor)
    with pytest.raises(Conflict):
        confirms(hanna, wish, 11)


def test_who_asked_takes_it_back_and_another_refuses_it(floor: Counsellor, hanna: Counsellor) -> None:
    two_persons.drop(floor.person, wants_longer(floor).pk, now=clock.now())
    wish = wants_longer(floor)
    two_persons.drop(hanna.person, wish.pk, now=clock.now())
    assert audited("wish_dropped", floor.person) == ["retention 720 withdrawn"]
    assert audited("wish_dropped", hanna.person) == ["retention 720 refused"]
    for deed in (two_persons.confirm, two_persons.drop):
        with pytest.raises(Conflict):
            deed(hanna.person, wish.pk, now=clock.now())


def test_a_yes_to_a_wish_counts_for_that_wish_and_not_for_the_one_that_took_its_place(
    floor: Counsellor, hanna: Counsellor
) -> None:
    seen = wants_longer(floor, 48)
    wants_longer(floor, 2160)
    with pytest.raises(Conflict):
        confirms(hanna, seen)
    assert kept() == timedelta(hours=24)


def test_while_one_s_wish_waits_another_of_its_sort_is_not_asked(
    floor: Counsellor, hanna: Counsellor
) -> None:
    wants_longer(floor)
    with pytest.raises(Conflict):
        wants_longer(hanna, 48)


# Who is a second one


def test_where_nobody_else_supervises_one_is_enough_and_the_audit_says_so(otto: Counsellor) -> None:
    needs_two.set_keeping(otto.person, "stopitnow", hours=720, two=False, now=clock.now())
    assert Line.objects.get(pk="stopitnow").retention == timedelta(hours=720)
    assert audited("wish_asked", otto.person) == ["retention 720 alone"]


@pytest.mark.parametrize("how", ["device", "role", "work", "inactive"])
def test_who_takes_the_other_s_device_role_line_or_account_away_is_not_alone_for_thirty_days(
    floor: Counsellor, hanna: Counsellor, how: str
) -> None:
    if how == "device":
        Device.objects.filter(person=hanna.person).update(state=Device.State.REVOKED)
    elif how == "role":
        hanna.person.role_rows.all().delete()
    elif how == "work":
        hanna.person.work.all().delete()
    else:
        Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    assert wants_longer(floor).waits
    gone(hanna, 29)
    assert wants_longer(floor).waits
    gone(hanna, 31)
    assert not wants_longer(floor).waits


def test_a_sock_puppet_neither_confirms_nor_counts_in_its_first_week(
    floor: Counsellor, helpwanted: Line, hanna: Counsellor
) -> None:
    sock = a_supervisor("Sock", helpwanted)
    seconds.note(sock.person, now=clock.now())
    with pytest.raises(Conflict):
        confirms(sock, wants_longer(floor))
    two_persons.drop(hanna.person, Wish.objects.get(ended_at=None).pk, now=clock.now())
    gone(hanna, 31)
    assert not seconds.exist(floor.person, ["helpwanted"], now=clock.now())


def test_a_sock_puppet_does_not_confirm_for_who_invited_it_in_its_first_month(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    sock = a_supervisor("Sock", helpwanted)
    came = {"invited_by": floor.person, "came_at": clock.now() - timedelta(days=29)}
    Person.objects.filter(pk=sock.person.pk).update(**came)
    wish = wants_longer(floor)
    assert sock.person not in two_persons.open_wishes(floor.person, now=clock.now())[0].others
    with pytest.raises(Conflict):
        confirms(sock, wish)
    two_persons.drop(floor.person, wish.pk, now=clock.now())
    confirms(sock, wants_longer(hanna))  # for anybody else it does


def test_the_condition_is_judged_again_when_it_is_confirmed(floor: Counsellor, hanna: Counsellor) -> None:
    wish = wants_longer(floor)
    hanna.person.work.all().delete()
    with pytest.raises(NotFound):
        confirms(hanna, wish)
    Work.objects.create(person=hanna.person, line_id="helpwanted")
    Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    with pytest.raises(Conflict):
        confirms(hanna, wish)


def test_a_device_that_is_proven_makes_its_supervisor_count_whatever_its_state(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    LastProven.objects.all().delete()
    for who in (hanna, carla):
        proves(who)
    assert list(LastProven.objects.values_list("person", "line")) == [(hanna.person.pk, "helpwanted")]
    assert seconds.exist(floor.person, ["helpwanted"], now=clock.now())
    proves(hanna, 2 * 3600)
    assert LastProven.objects.get().at > later(clock.now(), 3600)


def proves(who: Counsellor, seconds_later: float = 0) -> None:
    Device.objects.filter(pk=who.device.pk).update(state=Device.State.PENDING)
    known = devices.known(who.person, who.device.pk)
    assert known is not None
    staff_devices.prove(who.person, known, now=later(clock.now(), seconds_later))


# Roles and lines


def test_an_administrator_proposes_a_role_and_a_supervisor_of_that_person_s_lines_confirms(
    floor: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    wish = asks_for_role(admin_pages.ilse(), carla)
    assert wish.waits
    with pytest.raises(NotFound):
        confirms(otto, wish)
    confirms(floor, wish)
    assert Role.objects.filter(person=carla.person, name="supervisor").exists()


def test_an_administrator_never_confirms(carla: Counsellor, floor: Counsellor) -> None:
    ilse = admin_pages.ilse()
    Person.objects.filter(pk=ilse.pk).update(came_at=clock.now() - timedelta(days=90))
    for wish in (asks_for_role(floor.person, carla), wants_longer(floor)):
        with pytest.raises(NotFound):
            two_persons.confirm(ilse, wish.pk, now=clock.now())


def test_an_administrator_is_made_with_any_other_supervisor(
    floor: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    wish = asks_for_role(floor.person, carla, "administrator")
    confirms(otto, wish)
    assert Role.objects.filter(person=carla.person, name="administrator").exists()


def test_a_supervisor_asks_nothing_for_people_of_another_line(floor: Counsellor, esra: Counsellor) -> None:
    with pytest.raises(NotFound):
        asks_for_role(floor.person, esra)


def test_a_supervisor_gets_one_more_line_from_that_line_s_supervisors(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    def asks(who: Person) -> Wish:
        handle = floor.person.handle
        return two_persons.ask(
            who, Kind.LINE_OF_SUPERVISOR, line="stopitnow", subject=handle, now=clock.now()
        )

    with pytest.raises(NotFound):
        asks(floor.person)
    wish = asks(admin_pages.ilse())
    with pytest.raises(NotFound):
        confirms(hanna, wish)
    confirms(otto, wish)
    assert Work.objects.filter(person=floor.person, line="stopitnow").exists()


# A review key


def test_one_supervisor_alone_plants_no_review_key(floor: Counsellor, hanna: Counsellor) -> None:
    gone(hanna, 31)
    first = makes_key(floor)
    long_there(hanna)
    planted = makes_key(floor, 2)
    assert planted.confirmed_at is None
    assert planted.shares.get().device == floor.device
    named = a_caller().opened.review
    assert named is not None
    assert bytes(named.key or b"") == bytes(first.public)
    with pytest.raises(Conflict):
        gives_key(floor, hanna, 2)
    confirms(hanna, Wish.objects.get(ended_at=None))
    now_named = a_caller().opened.review
    assert now_named is not None
    assert bytes(now_named.key or b"") == bytes(planted.public)
    gives_key(floor, hanna, 2)


def test_a_review_key_that_is_refused_is_forgotten_with_its_share(
    floor: Counsellor, hanna: Counsellor
) -> None:
    planted = makes_key(floor)
    with pytest.raises(Conflict):
        makes_key(floor, 2)
    two_persons.drop(hanna.person, Wish.objects.get().pk, now=clock.now())
    assert not Line.objects.get(pk="helpwanted").review_keys.filter(pk=planted.pk).exists()
    assert a_caller().opened.review is None
    makes_key(hanna)


# A device of another supervisor


def revokes(who: Counsellor, of: Counsellor, *, lost: bool = False) -> Wish | None:
    return needs_two.revoke(who.person, of.device.fingerprint, lost=lost, now=clock.now())


def is_revoked(who: Counsellor) -> bool:
    return Device.objects.get(pk=who.device.pk).state == Device.State.REVOKED


def test_nobody_revokes_the_other_supervisor_s_device_to_be_alone(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    jet = a_supervisor("Jet", helpwanted)
    long_there(jet)
    wish = revokes(floor, hanna)
    assert wish is not None
    assert not is_revoked(hanna)
    confirms(jet, wish)
    assert is_revoked(hanna)


def test_one_s_own_device_and_a_counsellor_s_are_revoked_at_once(
    floor: Counsellor, carla: Counsellor
) -> None:
    _, seat = taken(carla)
    assert revokes(floor, carla) is None
    assert revokes(floor, floor) is None
    assert is_revoked(carla)
    assert is_revoked(floor)
    assert not two_persons.rests_until(["helpwanted"], now=clock.now())
    assert seat.member


def test_a_device_reported_lost_goes_at_once_and_then_nothing_is_confirmed_or_done_alone_for_a_week(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    jet = a_supervisor("Jet", helpwanted)
    long_there(jet)
    before = wants_longer(floor)
    assert revokes(floor, hanna, lost=True) is None
    assert is_revoked(hanna)
    with pytest.raises(Conflict):
        confirms(jet, before)
    for other in (hanna, jet):
        gone(other, 31)
    assert wants_longer(floor).waits, "nor is one enough"
    (seen,) = two_persons.open_wishes(floor.person, now=clock.now())
    assert seen.rests is not None
    Wish.objects.filter(how="lost").update(ended_at=clock.now() - timedelta(days=7, seconds=1))
    assert not wants_longer(floor).waits


def test_a_review_key_whose_holder_s_device_was_reported_lost_counts_no_more(
    floor: Counsellor, hanna: Counsellor
) -> None:
    gone(hanna, 31)
    makes_key(floor)
    gives_key(floor, hanna)
    revokes(floor, hanna, lost=True)
    assert a_caller().opened.review is None
    (keys,) = review_keys.keys_of(floor.person, floor.device.pk)
    assert not any(one.key.counts for one in keys.generations)
    assert audited("review_key", floor.person)[-1] == "none"


def test_a_lost_device_that_opens_no_key_leaves_the_key_as_it_is(
    floor: Counsellor, hanna: Counsellor
) -> None:
    gone(hanna, 31)
    makes_key(floor)
    revokes(floor, hanna, lost=True)
    assert a_caller().opened.review is not None


# A service's contact


def test_a_service_s_contact_is_set_changed_and_emptied_by_two(
    floor: Counsellor, otto: Counsellor, a_service: str
) -> None:
    service = Service.objects.get(pk=a_service)
    for mail, url in (("desk@example.org", "https://example.org/link"), ("", "")):
        wish = needs_two.set_contact(floor.person, a_service, mail=mail, url=url, now=clock.now())
        service.refresh_from_db()
        assert service.contact_mail != mail
        confirms(otto, wish)
        service.refresh_from_db()
        assert (service.contact_mail, service.contact_url) == (mail, url)
        assert bool(service.contact_secret) == bool(url)
    assert not AuditRow.objects.filter(detail__contains="example.org").exists()


@pytest.mark.parametrize("contact", [("nobody", ""), ("", "http://example.org/"), ("", "javascript:x")])
def test_what_is_no_address_is_no_contact(
    floor: Counsellor, a_service: str, contact: tuple[str, str]
) -> None:
    mail, url = contact
    with pytest.raises(BadFrame):
        needs_two.set_contact(floor.person, a_service, mail=mail, url=url, now=clock.now())


@pytest.fixture
def a_service(db: None) -> str:
    return Service.objects.create(slug="csg", name="CSG").pk
