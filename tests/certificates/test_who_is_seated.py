"""If there are roots, nobody is seated without a valid certificate, whatever rows are changed or added."""

import pytest

from chat.conversation import departures
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.lines import open_now, under_roots
from chat.models import Entry, Line, Service
from chat.queue import next_caller
from chat.states import How
from chat.supervision import certifying as board
from counsellors import devices, duty
from counsellors.certificates import certified as certificates
from counsellors.certificates.certified import NotCertified
from counsellors.certificates.signed_bytes import LINE, SERVICE
from counsellors.models import Certificate, Device, Scope
from helpline.lib import clock, encoding
from helpline.lib.errors import LineClosed
from tests.support.domain.cast import Counsellor, a_caller, a_counsellor, a_partner, a_point, later
from tests.support.domain.certifying import Installation, a_key, forget, point_of
from tests.support.domain.supervisors import a_supervisor, makes_key

pytestmark = pytest.mark.django_db


def joined(anna: object) -> dict[str, object]:
    rows = Entry.objects.filter(conversation=anna.conversation, kind="joined")  # type: ignore[attr-defined]
    return dict(rows.order_by("-seq")[0].facts)


def test_without_roots_nothing_is_certified_and_nothing_asked(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    carla.takes_next()
    assert joined(anna)["cert"] is None


def test_who_was_certified_takes_the_next_and_the_entry_bears_the_certificate(
    certified: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    certified.certifies(floor, carla.device)
    anna = a_caller()
    carla.takes_next()
    cert = joined(anna)["cert"]
    assert cert == certificates.of_key("device", LINE, "helpwanted", bytes(carla.device.key), now=clock.now())
    assert cert is not None


def test_who_was_not_certified_is_told_so_and_the_caller_keeps_the_place(
    certified: Installation, carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    certified.certifies(floor, daan.device)
    anna = a_caller()
    with pytest.raises(NotCertified) as refused:
        carla.takes_next()
    assert refused.value.code == "conflict"
    assert daan.takes_next().conversation == anna.conversation


def test_a_certificate_ends_and_is_renewed(
    certified: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    certified.certifies(floor, carla.device, now=now, days=2)
    a_caller()
    with pytest.raises(NotCertified):
        carla.takes_next(later(now, 2 * 24 * 3600))
    certified.certifies(floor, carla.device)
    carla.takes_next(later(now, 2 * 24 * 3600))


def test_a_key_that_was_changed_in_its_row_is_seated_nowhere(
    certified: Installation, carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    for who in (carla, daan):
        certified.certifies(floor, who.device)
    a_caller()
    planted = a_point()
    Device.objects.filter(pk=carla.device.pk).update(key=planted)
    with pytest.raises(NotCertified):
        carla.takes_next()
    # The certificate's row is changed, too.
    Certificate.objects.filter(key=bytes(carla.device.key)).update(key=planted)
    with pytest.raises(NotCertified):
        carla.takes_next()


def test_rows_that_were_added_seat_nobody(
    certified: Installation, carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    """The rows hold a certificate by a signer of the attacker's own, and a scope that names it."""
    certified.certifies(floor, daan.device)
    a_caller()
    thief, at = a_key(), int(clock.now().timestamp())
    certified.signers[floor.device.pk] = thief
    certified_by = certified.signature(floor, LINE, "helpwanted", bytes(carla.device.key), at, at + 9000)
    sigs = [{"signer": point_of(thief), "sig": encoding.encode(certified_by.sig)}]
    Certificate.objects.create(
        use="device", kind=LINE, slug="helpwanted", key=bytes(carla.device.key),
        not_before=at, not_after=at + 9000, sigs=sigs,
    )  # fmt: skip
    with pytest.raises(NotCertified):
        carla.takes_next()
    scope = Scope.objects.get()
    Scope.objects.filter(pk=scope.pk).update(signers=sorted([*scope.signers, point_of(thief)]))
    forget()
    with pytest.raises(NotCertified):
        carla.takes_next()


def test_a_scope_of_before_the_last_session_is_worth_nothing(
    certified: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    hanna = a_supervisor("Hanneke", Line.objects.get(pk="helpwanted"))
    certified.certifies(floor, carla.device)
    old = Scope.objects.get()
    a_caller()
    certified.signs_scopes(certified.signs_with(hanna))  # Floor's laptop was lost
    with pytest.raises(NotCertified):
        carla.takes_next()
    Scope.objects.all().delete()
    old.save(force_insert=True)
    forget()
    with pytest.raises(NotCertified):
        carla.takes_next()
    old.delete()
    certified.signs_scopes(certified.signs_with(hanna))
    certified.certifies(hanna, carla.device)
    carla.takes_next()


def test_a_certificate_of_another_line_is_good_for_nothing_of_this_one(
    certified: Installation, carla: Counsellor, floor: Counsellor, stopitnow: Line
) -> None:
    both = ((LINE, "helpwanted"), (LINE, "stopitnow"))
    certified.signs_scopes(certified.signs_with(floor), places=both)
    eva = a_counsellor("Eva", stopitnow)
    duty.change(eva.person, "off", 1, now=clock.now())
    a_caller("stopitnow")
    duty.change(eva.person, "on", 1, now=clock.now())
    certified.certifies(floor, carla.device)
    Certificate.objects.update(slug="stopitnow")
    Device.objects.filter(pk=carla.device.pk).update(key=a_point())
    Device.objects.filter(pk=eva.device.pk).update(key=bytes(carla.device.key))
    with pytest.raises(NotCertified):
        eva.takes_next()


def test_answer_and_takeover_ask_for_it_too(
    certified: Installation, carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    certified.certifies(floor, carla.device)
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    asked = invitations.invite(seat, How.CONSULT, To(staff=daan.person.handle), None, now=clock.now())
    with pytest.raises(NotCertified):
        invitations.accept(asked.pk, daan.person, daan.device.pk, now=clock.now())
    certified.certifies(floor, daan.device)
    invitations.accept(asked.pk, daan.person, daan.device.pk, now=clock.now())
    desk = devices.register(carla.person, devices.candidate(carla.person, a_point(), "desk"), now=clock.now())
    Device.objects.filter(pk=desk.pk).update(state=Device.State.APPROVED)
    with pytest.raises(NotCertified):
        departures.take_over(anna.conversation, carla.person, desk.pk, now=clock.now())
    certified.certifies(floor, desk)
    departures.take_over(anna.conversation, carla.person, desk.pk, now=clock.now())


def test_a_partner_is_certified_for_the_service_on_the_card(
    certified: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    places = ((LINE, "helpwanted"), (SERVICE, "csg"))
    certified.signs_scopes(certified.signs_with(floor), places=places)
    certified.certifies(floor, carla.device)
    gijs = a_partner("Gijs", csg)
    gijs.person.invited_by = floor.person
    gijs.person.save()
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    asked = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, asked.pk, yes=True, history=True, now=clock.now())
    with pytest.raises(NotCertified):
        invitations.accept(asked.pk, gijs.person, gijs.device.pk, now=clock.now())
    certified.certifies(floor, gijs.device, places=((SERVICE, "csg"),))
    invitations.accept(asked.pk, gijs.person, gijs.device.pk, now=clock.now())
    assert joined(anna)["cert"]["scope"]["slug"] == "csg"  # type: ignore[index]


def test_the_line_s_own_key_needs_as_many_signers_as_its_scope_says(
    certified: Installation, floor: Counsellor
) -> None:
    line = Line.objects.get(pk="helpwanted")
    others = [a_supervisor(name, line) for name in ("Hein", "Ines")]
    certified.signs_scopes(*(certified.signs_with(who) for who in (floor, *others)))
    assert Scope.objects.get().quorum == 2
    makes_key(floor)
    line.refresh_from_db()
    assert line.review_key is not None
    assert a_caller().opened.review is None, "no browser would let it in"
    at = int(clock.now().timestamp())
    for number, who in enumerate((floor, others[0])):
        key = bytes(line.review_key)
        signed = certified.signature(who, LINE, "helpwanted", key, at, at + 9000, "review")
        board.certify_key(who.person, who.device.pk, 1, signed, now=clock.now())
        opened = a_caller().opened
        assert (opened.review is not None) == (number == 1), "two of three have to sign"
    assert opened.review_cert is not None


def test_a_line_is_closed_where_nobody_could_be_let_in(
    certified: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    line = Line.objects.get(pk="helpwanted")
    assert not open_now.opening(line).open, "Carla is on duty, and not certified"
    with pytest.raises(LineClosed):
        a_caller()
    certified.certifies(floor, carla.device)
    assert open_now.opening(line).open
    under_roots.forget()
    assert not open_now.opening(line, now=later(clock.now(), 391 * 24 * 3600)).open, "its scope has ended"
    under_roots.forget()
    duty.change(carla.person, "off", 1, now=clock.now())
    Certificate.objects.all().delete()
    assert open_now.opening(line).open, "nobody is there: the hours decide, as everywhere"


def test_next_asks_no_more_of_the_database_than_it_needs_under_roots(
    certified: Installation, carla: Counsellor, floor: Counsellor, django_assert_max_num_queries: object
) -> None:
    certified.certifies(floor, carla.device)
    a_caller()
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        next_caller.take_next(carla.person, carla.device.pk, None, now=clock.now())
