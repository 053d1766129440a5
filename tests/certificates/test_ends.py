"""The end of each key's certificate is announced thirty, seven and one day before, and counted."""

from datetime import datetime, timedelta

import pytest

from chat.administration import trust
from chat.models import Line, Service, Work
from chat.supervision import alerts, certificate_ends, certifying, work_and_roles
from counsellors.certificates import scopes, signed_bytes, signing
from counsellors.certificates.signed_bytes import LINE, SERVICE
from counsellors.models import Certificate, Device, Scope
from helpline.lib import clock, encoding
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_counsellor, a_partner
from tests.support.domain.certifying import Installation, forget
from tests.support.domain.supervisors import a_supervisor, makes_key

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def line(helpwanted: Line) -> Line:
    return helpwanted


def test_what_is_certified_is_counted_by_what_is_missing(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    esra, farid = a_counsellor("Esra", line), a_counsellor("Farid", line)
    Device.objects.filter(pk=farid.device.pk).update(state=Device.State.PENDING)
    certified.certifies(floor, carla.device, days=99)
    certified.certifies(floor, daan.device, days=20)
    now = clock.now()
    found = certificate_ends.counts("line", "helpwanted", now=now)
    assert (found.pending, found.unsigned, found.near, found.ended) == (1, 1, 1, 0)
    later = certificate_ends.counts("line", "helpwanted", now=now + 21 * DAY)
    assert (later.unsigned, later.near, later.ended) == (1, 0, 1)
    assert esra.device.pk
    words = trust.certificates(now).words
    assert "1 unsigned" in words
    assert "1 end within 30 days" in words


def test_nothing_is_counted_where_nobody_certifies(
    installation: Installation, line: Line, carla: Counsellor
) -> None:
    assert certificate_ends.counts("line", "helpwanted", now=clock.now()) == certificate_ends.Counts()
    assert certificate_ends.causes(line, now=clock.now()) == []
    assert certificate_ends.own_ends(carla.person, carla.device) == []


def test_an_alert_tells_of_an_end_thirty_seven_and_one_day_before(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor
) -> None:
    now = clock.now()
    certified.certifies(floor, floor.device, now=now, days=99)
    certified.certifies(floor, carla.device, now=now, days=90)
    told = []
    for day in range(92):
        forget()
        at = now + day * DAY + timedelta(hours=1)
        if certificate_ends.SOON in alerts.codes([line], now=at)["helpwanted"]:
            told.append(90 - day)
    ours = [days for days in told if days in (30, 7, 1, 0)]
    assert ours == [30, 7, 1, 0]
    assert len(told) <= 7, "and of Floor's own nine days later"


def test_a_line_whose_scope_was_never_signed_raises_it_at_once(
    installation: Installation, line: Line
) -> None:
    installation.names_its_root()
    assert certificate_ends.UNCERTIFIED in alerts.codes([line], now=clock.now())["helpwanted"]


def test_a_line_that_is_closed_because_nobody_there_is_certified_raises_it_too(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor
) -> None:
    assert certificate_ends.UNCERTIFIED in alerts.codes([line], now=clock.now())["helpwanted"]
    certified.certifies(floor, carla.device)
    assert certificate_ends.UNCERTIFIED not in alerts.codes([line], now=clock.now())["helpwanted"]


def test_a_review_key_is_missed_until_it_is_signed_and_renewed_with_fresh_times(
    certified: Installation, line: Line, floor: Counsellor
) -> None:
    makes_key(floor)
    now = clock.now()
    forget()
    assert certificate_ends.REVIEW_KEY in alerts.codes([Line.objects.get()], now=now)["helpwanted"]
    assert "its review key is not signed by enough" in trust.certificates(now).words
    key, at = bytes(Line.objects.get().review_key or b""), int(now.timestamp())
    signed = certified.signature(floor, "line", "helpwanted", key, at, at + 9 * 86400, "review")
    certifying.certify_key(floor.person, floor.device.pk, 1, signed, now=now)
    forget()
    assert certificate_ends.REVIEW_KEY not in alerts.codes([Line.objects.get()], now=now)["helpwanted"]
    (review,) = certifying.look(floor.person, floor.device.pk, now=now + 10 * DAY).keys
    assert review.need.until is not None
    assert review.times is None, "an ended one is begun anew"
    with pytest.raises(Conflict):
        certifying.certify_key(floor.person, floor.device.pk, 1, signed, now=now + 10 * DAY)


def test_a_signature_that_is_missing_for_weeks_hides_neither_a_closed_line_nor_one_that_ends_soon(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor
) -> None:
    """An alert that lasts is told once. So what concerns signatures may not be one alert."""
    now = clock.now()
    certified.certifies(floor, carla.device, now=now, days=8)
    makes_key(floor)
    told = {}
    for day in (0, 1, 9):
        forget()
        found = alerts.watch(now=now + day * DAY + timedelta(hours=1))
        told[day] = [alert.codes for alert in found]
    assert told == {
        0: [[certificate_ends.REVIEW_KEY]],
        1: [[certificate_ends.REVIEW_KEY, certificate_ends.SOON]],
        9: [[certificate_ends.UNCERTIFIED, certificate_ends.REVIEW_KEY]],
    }


def test_who_works_at_a_desk_to_which_the_line_refers_is_renewed_in_time_too(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor
) -> None:
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    gijs = a_partner("Gijs", csg)
    gijs.person.invited_by = floor.person
    gijs.person.save()
    point = encoding.encode(signed_bytes.point_of(certified.signers[floor.device.pk]))
    certified.signs_scopes(point, places=((LINE, "helpwanted"), (SERVICE, "csg")))
    certified.certifies(floor, carla.device)
    certified.certifies(floor, gijs.device, places=((SERVICE, "csg"),), days=7)
    at = clock.now() + timedelta(minutes=1)
    line.services.clear()
    forget()
    assert alerts.codes([line], now=at)["helpwanted"] == []
    line.services.add(csg)
    forget()
    assert alerts.codes([line], now=at)["helpwanted"] == [certificate_ends.SOON]


def test_a_certificate_ends_at_the_latest_with_its_scope_and_with_the_trust_in_it(
    certified: Installation, floor: Counsellor, carla: Counsellor
) -> None:
    point = encoding.encode(signed_bytes.point_of(certified.signers[floor.device.pk]))
    a_year_ago = clock.now() + 5 * DAY - timedelta(seconds=scopes.LIFETIME_SECONDS)
    certified.signs_scopes(point, now=a_year_ago)
    certified.certifies(floor, carla.device, days=90)

    def until() -> datetime | None:
        (need,) = certificate_ends.own_ends(carla.person, carla.device)
        return need.until

    assert (end := until()) is not None
    assert end < clock.now() + 6 * DAY, "then browsers let her in no more"
    Scope.objects.update(serial=0)  # as in a restored copy: browsers know a newer one
    assert until() is None


def test_a_browser_is_told_its_own_end(certified: Installation, floor: Counsellor, carla: Counsellor) -> None:
    (need,) = certificate_ends.own_ends(carla.person, carla.device)
    assert need.until is None
    certified.certifies(floor, carla.device, days=40)
    (need,) = certificate_ends.own_ends(carla.person, carla.device)
    assert need.until is not None
    assert timedelta(days=39) < need.until - clock.now() <= timedelta(days=40)


def test_only_a_signer_of_the_scope_signs_and_only_for_the_own_people(
    certified: Installation, floor: Counsellor, hanna: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    certified.signers[hanna.device.pk] = certified.signers[floor.device.pk]
    with pytest.raises(Conflict):
        certified.certifies(hanna, carla.device)
    del certified.signers[hanna.device.pk]
    certified.signs_with(hanna)  # a signer that no scope names yet
    with pytest.raises(Conflict):
        certified.certifies(hanna, carla.device)
    certified.signs_with(otto)
    with pytest.raises(NotFound):
        certified.certifies(otto, carla.device)
    at = int(clock.now().timestamp())
    too_long = certified.signature(floor, "line", "helpwanted", bytes(carla.device.key), at, at + 101 * 86400)
    with pytest.raises(Conflict):
        certifying.certify(
            floor.person, floor.device.pk, carla.device.fingerprint, [too_long], now=clock.now()
        )
    Device.objects.filter(pk=carla.device.pk).update(state=Device.State.REVOKED)
    with pytest.raises(NotFound):
        certified.certifies(floor, carla.device)
    assert not Certificate.objects.exists()


def test_certificates_that_ended_long_ago_are_forgotten(
    certified: Installation, floor: Counsellor, carla: Counsellor
) -> None:
    now = clock.now()
    certified.certifies(floor, carla.device, days=10)
    assert signing.forget_old(now=now + 409 * DAY) == 0
    assert signing.forget_old(now=now + 411 * DAY) == 1


def test_what_one_signed_long_ago_covers_for_nobody_who_goes(
    certified: Installation, floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    """A signed on day 0, and B renewed on day 80. B's laptop is lost on day 110, so A signs as well."""
    certified.signs_scopes(certified.signs_with(floor), certified.signs_with(hanna))
    now = clock.now()
    certified.certifies(floor, carla.device, now=now, days=100)
    certified.certifies(hanna, carla.device, now=now + 80 * DAY, days=100)

    def covered(day: int) -> bool:
        (row,) = (
            one
            for one in certifying.look(floor.person, floor.device.pk, now=now + day * DAY).devices
            if one.device.pk == carla.device.pk
        )
        return row.needs[0].by_me

    assert [covered(day) for day in (1, 69, 71, 110)] == [True, True, False, False]


def test_a_review_key_is_signed_by_another_one_too_before_its_signer_is_lost(
    certified: Installation, line: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    certified.signs_scopes(certified.signs_with(floor), certified.signs_with(hanna))
    makes_key(floor)
    now = clock.now()
    key, at = bytes(Line.objects.get().review_key or b""), int(now.timestamp())

    def covers() -> list[bool]:
        looks = [certifying.look(who.person, who.device.pk, now=now).keys for who in (floor, hanna)]
        return [review.by_me for (review,) in looks]

    for number, who in enumerate((floor, hanna)):
        signed = certified.signature(
            who, "line", "helpwanted", key, at + number, at + 300 * 86400 + number, "review"
        )
        certifying.certify_key(who.person, who.device.pk, 1, signed, now=now)
        assert covers() == [True, number == 1]
    certified.signs_scopes(certified.signs_with(hanna))
    assert not certificate_ends.review_key_lacks(line, now=now)


def test_an_alert_and_the_check_tell_of_a_review_key_before_its_signatures_end(
    certified: Installation, line: Line, floor: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    now = clock.now()
    certified.certifies(floor, carla.device, now=now, days=99)
    key, at = bytes(Line.objects.get().review_key or b""), int(now.timestamp())
    signed = certified.signature(floor, "line", "helpwanted", key, at, at + 60 * 86400, "review")
    certifying.certify_key(floor.person, floor.device.pk, 1, signed, now=now)
    told = []
    for day in range(61):
        forget()
        at_then = now + day * DAY + timedelta(hours=1)
        if certificate_ends.SOON in alerts.codes([Line.objects.get()], now=at_then)["helpwanted"]:
            told.append(60 - day)
    assert [days for days in told if days <= 30] == [30, 7, 1, 0]
    says = "its review key has to be signed anew"
    assert [says in "".join(trust.ending_soon(now + day * DAY)) for day in (20, 35, 59)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("lost", ["line", "role"])
def test_a_signer_who_supervises_the_line_no_more_is_counted_as_gone_and_signs_nothing_for_it(
    certified: Installation,
    stopitnow: Line,
    floor: Counsellor,
    hanna: Counsellor,
    carla: Counsellor,
    lost: str,
) -> None:
    for one in (floor, carla):
        Work.objects.create(person=one.person, line=stopitnow)
    now, scope = clock.now(), Scope.objects.get()
    assert certificate_ends.gone_signers(scope) == 0
    if lost == "line":
        work_and_roles.take_line(floor.person.handle, "helpwanted", now=now)
        with pytest.raises(NotFound):
            certified.certifies(floor, carla.device)
    else:
        a_supervisor("Otto", stopitnow)
        work_and_roles.take_role(floor.person.handle, "supervisor", now=now)
    assert certificate_ends.gone_signers(scope) == 1
