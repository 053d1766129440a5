"""A supervisor decides whether a line takes letters. Switching on needs two, and the line must have what
letters need."""

from datetime import timedelta

import pytest

from chat.letters import conditions, settings
from chat.letters.settings import Promises
from chat.lines.hours import AMSTERDAM
from chat.models import ApprovalRequest, KeyShare, Line, LineKey, WeeklyHours
from chat.retention import line_keys
from chat.spans import MIDNIGHT
from chat.supervision import (
    approval_requests,
    beginning,
    certificate_ends,
    needs_approval,
    staff_devices,
    work_and_roles,
)
from counsellors.models import Certificate, Device
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict
from tests.staff.test_admin_record import PERSON, person_page, post
from tests.support import admin_pages
from tests.support.domain.cast import Counsellor, a_point, later
from tests.support.domain.letters import a_letter
from tests.support.domain.supervisors import a_share, long_there

PEOPLE = ("Carla", "Daan", "Carla", "Daan", "Carla", "Daan", "Carla")


def sets(
    who: Counsellor, letters: str, *, days: int = 7, hours: int = 24, people: tuple[str, ...] = PEOPLE
) -> object:
    promises = Promises(days, hours, people)
    return needs_approval.set_letters(who.person, "helpwanted", letters, promises, now=clock.now())


def letters_of() -> str:
    return Line.objects.get(pk="helpwanted").letters


def test_one_supervisor_switches_off_and_two_switch_on(
    post_box: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    assert sets(floor, "never") is None
    assert letters_of() == "never"
    approval = sets(floor, "always")
    assert letters_of() == "never"
    approval_requests.confirm(hanna.person, approval.pk, now=clock.now())  # type: ignore[attr-defined]
    assert letters_of() == "always"
    assert sets(floor, "closed") is None, "fewer letters at once"
    assert letters_of() == "closed"


def test_a_line_that_lacks_something_is_not_switched_on_and_is_told_what(
    post_box: Line, floor: Counsellor
) -> None:
    sets(floor, "never")
    Line.objects.filter(pk="helpwanted").update(alert_mail="", letters_key=None)
    with pytest.raises(needs_approval.LettersLack):
        sets(floor, "always", people=("",) * 7)
    found = settings.of(Line.objects.get(pk="helpwanted"), now=clock.now())
    assert found.lacking == ["key", "address"]


def test_a_certificate_of_the_letters_key_that_ended_takes_no_letter(post_box: Line) -> None:
    assert conditions.promise_or_none(post_box, now=clock.now()) is not None
    far = later(clock.now(), 34 * 24 * 3600)
    assert conditions.lacking(post_box, now=far) == ["certificate"]
    near = later(clock.now(), 33.5 * 24 * 3600)
    assert conditions.promise_or_none(post_box, now=near) is None, "it could not be answered in time"


def test_a_line_whose_review_key_is_not_certified_takes_no_letter(post_box: Line) -> None:
    """Its return codes would name no keys, and who comes back could not write on."""
    assert conditions.lacking(post_box, now=clock.now()) == []
    Certificate.objects.filter(use="review").delete()
    assert conditions.lacking(post_box, now=clock.now()) == ["review"]


@pytest.mark.parametrize(("days", "hours"), [(2, 24), (31, 24), (7, 3), (7, 73)])
def test_promises_have_bounds(post_box: Line, floor: Counsellor, days: int, hours: int) -> None:
    with pytest.raises(BadFrame):
        sets(floor, "never", days=days, hours=hours)


def test_what_is_promised_holds_from_then_on(post_box: Line, floor: Counsellor) -> None:
    now = clock.now()
    before = a_letter(now=now)
    sets(floor, "always", days=14, hours=48)
    after = a_letter(now=now)
    assert before.opened.due == now + timedelta(hours=24)
    assert after.opened.due == now + timedelta(hours=48)


def test_a_promise_that_falls_into_closing_time_moves_two_hours_into_the_next_opening(
    post_box: Line,
) -> None:
    Line.objects.filter(pk="helpwanted").update(state="hours")
    for day in range(7):
        WeeklyHours.objects.create(
            line=post_box, weekday=day, opens=MIDNIGHT.replace(hour=9), closes=MIDNIGHT.replace(hour=17)
        )
    line = Line.objects.get(pk="helpwanted")
    evening = clock.now().replace(hour=19, minute=0, second=0, microsecond=0)  # UTC
    due = conditions.due_of(line, evening)
    assert due > evening + timedelta(hours=24)
    opens = due - timedelta(hours=2)
    assert opens.astimezone(AMSTERDAM).hour == 9


def test_a_newcomer_s_device_gets_a_share_of_the_letters_key_and_of_the_review_key_none(
    post_box: Line, floor: Counsellor, daan: Counsellor
) -> None:
    key = LineKey.objects.get(use="letters")
    KeyShare.objects.all().delete()
    for use in ("letters", "review"):
        KeyShare.objects.create(key=LineKey.objects.get(use=use), device=floor.device, sealed=a_share())

    def shares(use: str) -> None:
        line_keys.share(
            floor.person,
            floor.device.pk,
            "helpwanted",
            use=use,
            generation=1,
            to=daan.device.fingerprint,
            sealed=a_share(),
        )

    shares("letters")
    assert key.shares.filter(device=daan.device).exists()
    with pytest.raises(Conflict):
        shares("review")


@pytest.mark.parametrize("how", ["revoked", "off the line", "no counsellor", "switched off"])
def test_who_leaves_has_no_share_at_once_and_the_generation_ends_a_week_later(
    post_box: Line, floor: Counsellor, carla: Counsellor, how: str
) -> None:
    now = clock.now()
    if how == "revoked":
        staff_devices.end(carla.device.pk, floor.person, now=now)
    elif how == "no counsellor":
        work_and_roles.take_role(carla.person.handle, "counsellor", now=now)
    elif how == "switched off":
        fields = person_page(carla.person)
        del fields["is_active"]
        post(admin_pages.sign_in(admin_pages.ilse()), f"{PERSON}{carla.person.pk}/change/", fields)
        assert Device.objects.get(pk=carla.device.pk).state == "revoked", "it is not back with the account"
    else:
        work_and_roles.take_line(carla.person.handle, "helpwanted", now=now)
    key = LineKey.objects.get(use="letters")
    assert not key.shares.filter(device=carla.device).exists()
    assert key.until is not None
    assert timedelta() <= key.until - now - timedelta(days=7) < timedelta(minutes=1)
    line = Line.objects.get(pk="helpwanted")
    assert conditions.promise_or_none(line, now=later(now, 6 * 24 * 3600)) is not None
    assert conditions.lacking(line, now=later(now, 7 * 24 * 3600 + 61)) == ["generation"]
    assert certificate_ends.letters_key_ends(line, now=now), "the alarm comes before the letters stop"
    (step,) = [
        one for one in beginning.steps(floor.person, now=now) if one.what == beginning.What.LETTERS_KEY
    ]
    assert step.lines == ["helpwanted"]


def test_a_counsellor_s_laptop_that_is_reported_lost_ends_the_generation_at_once(
    post_box: Line, floor: Counsellor, carla: Counsellor
) -> None:
    now = clock.now()
    needs_approval.revoke(floor.person, carla.device.fingerprint, lost=True, now=now)
    line = Line.objects.get(pk="helpwanted")
    assert line.letters_key is None
    assert line.review_key is not None, "that one it could not open"
    assert conditions.lacking(line, now=now) == ["key"]
    assert approval_requests.rests_until(frozenset({"helpwanted"}), now=now) is None


def test_a_line_that_takes_letters_keeps_an_address_for_alerts(post_box: Line, floor: Counsellor) -> None:
    with pytest.raises(needs_approval.LettersNeedAddress):
        needs_approval.set_alert_mail(floor.person, "helpwanted", "", now=clock.now())
    sets(floor, "never")
    needs_approval.set_alert_mail(floor.person, "helpwanted", "", now=clock.now())


def test_whoever_looks_after_letters_works_for_the_line(post_box: Line, floor: Counsellor) -> None:
    with pytest.raises(settings.NotOfTheLine):
        sets(floor, "never", people=("Niemand van hier",) * 7)
    sets(floor, "never", people=("", *PEOPLE[1:]))
    assert conditions.lacking(Line.objects.get(pk="helpwanted"), now=clock.now()) == ["people"]


def asks_for_a_new_generation(floor: Counsellor) -> ApprovalRequest:
    return needs_approval.make_key(
        floor.person,
        floor.device.pk,
        "helpwanted",
        use="letters",
        generation=2,
        public=a_point(),
        sealed=a_share(),
        now=clock.now(),
    )


def test_a_new_generation_counts_after_two_and_earlier_letters_stay_open(
    post_box: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    before = bytes(post_box.letters_key or b"")
    approval = asks_for_a_new_generation(floor)
    assert bytes(Line.objects.get(pk="helpwanted").letters_key or b"") == before
    approval_requests.confirm(hanna.person, approval.pk, now=clock.now())
    line = Line.objects.get(pk="helpwanted")
    assert bytes(line.letters_key or b"") != before
    assert bytes(line.review_key or b"") == bytes(post_box.review_key or b"")


def test_a_key_that_waits_and_that_no_device_holds_any_more_never_counts(
    post_box: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    approval = asks_for_a_new_generation(floor)
    staff_devices.end(floor.device.pk, hanna.person, now=clock.now())
    with pytest.raises(Conflict):
        approval_requests.confirm(hanna.person, approval.pk, now=clock.now())
    assert Line.objects.get(pk="helpwanted").letters_key == post_box.letters_key
