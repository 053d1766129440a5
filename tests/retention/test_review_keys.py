"""A line's review key is made by one supervisor, shared by those who have it, and renewed."""

import pytest

from chat.models import KeyShare, Line, LineKey, Member
from chat.retention import line_keys
from chat.supervision import needs_approval
from counsellors.models import AuditRow, Device, Person
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, NotFound, TryAgain
from tests.support.domain.cast import Counsellor, a_caller, a_point, later
from tests.support.domain.rival import faster
from tests.support.domain.supervisors import (
    a_share,
    a_supervisor,
    audited,
    gives_key,
    makes_key,
    purge_at,
    talked,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]
HOUR = 3600


def test_new_conversations_name_the_present_key_and_running_ones_keep_theirs(floor: Counsellor) -> None:
    before = a_caller()
    first = makes_key(floor)
    named = a_caller()
    second = makes_key(floor, 2)
    after = a_caller()
    assert before.opened.review is None
    assert named.opened.review is not None
    assert after.opened.review is not None
    assert bytes(named.opened.review.key or b"") == bytes(first.public)
    assert bytes(after.opened.review.key or b"") == bytes(second.public)
    first.refresh_from_db()
    assert first.retired_at is not None
    assert second.retired_at is None
    assert audited("review_key", floor.person) == ["made 1", "counts 1", "made 2", "counts 2"]


def test_who_starts_while_a_newer_key_begins_to_count_names_no_key_that_may_be_destroyed(
    floor: Counsellor,
) -> None:
    makes_key(floor)

    def renewed() -> None:
        makes_key(floor, 2)
        line_keys.destroy_old()

    with faster('INSERT INTO "chat_lease"', renewed), pytest.raises(TryAgain):
        a_caller()
    assert not Member.objects.exists()
    assert a_caller().opened.review is not None


def test_of_two_who_make_the_same_generation_the_first_wins(floor: Counsellor, hanna: Counsellor) -> None:
    made = makes_key(floor)
    for generation in (0, 1, 3):
        with pytest.raises(Conflict):
            makes_key(hanna, generation)
    assert bytes(Line.objects.get(pk="helpwanted").review_key or b"") == bytes(made.public)


def test_a_key_is_made_on_an_approved_device_of_the_line_and_is_a_point(
    floor: Counsellor, stopitnow: Line
) -> None:
    otto = a_supervisor("Otto", stopitnow)
    with pytest.raises(NotFound):
        makes_key(otto)
    Device.objects.filter(pk=floor.device.pk).update(state=Device.State.PENDING)
    with pytest.raises(Conflict):
        makes_key(floor)
    Device.objects.filter(pk=floor.device.pk).update(state=Device.State.APPROVED)
    for public, sealed in ((bytes(65), a_share()), (a_point(), b"short")):
        with pytest.raises(BadFrame):
            line_keys.make(
                floor.person,
                floor.device.pk,
                "helpwanted",
                generation=1,
                public=public,
                sealed=sealed,
                now=clock.now(),
            )
    assert not LineKey.objects.exists()


def test_who_has_the_key_gives_it_on_to_a_supervisor_of_the_line_once(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    key = makes_key(floor)
    with pytest.raises(Conflict):
        gives_key(hanna, floor)  # she has no share
    for other in (carla, a_supervisor("Otto", stopitnow)):
        with pytest.raises(Conflict):
            gives_key(floor, other)
    gives_key(floor, hanna)
    first = bytes(key.shares.get(device=hanna.device).sealed)
    gives_key(floor, hanna)
    assert bytes(key.shares.get(device=hanna.device).sealed) == first
    assert audited("review_share", floor.person) == ["helpwanted 1"]


def test_a_share_that_a_revoked_device_has_makes_the_key_stale_until_the_next_generation(
    floor: Counsellor, hanna: Counsellor
) -> None:
    makes_key(floor)
    gives_key(floor, hanna)
    assert not line_keys.keys_of(floor.person, floor.device.pk)[0].stale
    needs_approval.revoke(floor.person, hanna.device.fingerprint, lost=False, now=clock.now())
    (keys,) = line_keys.keys_of(floor.person, floor.device.pk)
    assert keys.stale
    assert [device.pk for device in keys.devices] == [floor.device.pk]
    makes_key(floor, 2)
    assert not line_keys.keys_of(floor.person, floor.device.pk)[0].stale


@pytest.mark.parametrize("how", ["line", "role", "inactive"])
def test_who_no_longer_supervises_the_line_makes_the_key_stale_too(
    floor: Counsellor, hanna: Counsellor, how: str
) -> None:
    makes_key(floor)
    gives_key(floor, hanna)
    if how == "line":
        hanna.person.work.all().delete()
    elif how == "role":
        hanna.person.role_rows.all().delete()
    else:
        Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    assert line_keys.keys_of(floor.person, floor.device.pk)[0].stale


def test_a_browser_gets_only_its_own_share(floor: Counsellor, hanna: Counsellor) -> None:
    key = makes_key(floor)
    mine = line_keys.keys_of(floor.person, floor.device.pk)[0].generations[0].share
    assert mine == bytes(key.shares.get().sealed)
    assert line_keys.keys_of(hanna.person, hanna.device.pk)[0].generations[0].share is None


def test_shares_of_an_earlier_key_are_destroyed_when_no_conversation_names_it(
    floor: Counsellor, carla: Counsellor
) -> None:
    makes_key(floor)
    talked(carla)
    makes_key(floor, 2)
    assert line_keys.destroy_old() == 0
    assert purge_at(later(clock.now(), 25 * HOUR)) == 1
    assert line_keys.destroy_old() == 1
    assert list(KeyShare.objects.values_list("key__generation", flat=True)) == [2]
    assert AuditRow.objects.filter(action="review_key", detail="destroyed 1").exists()
    assert line_keys.destroy_old() == 0
