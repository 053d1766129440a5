"""Nobody becomes supervisor of a line without a yes of somebody of that line."""

import pytest

from chat.models import Line, Wish, Work
from chat.supervision import needs_two, staff_people
from chat.supervision.two_persons import NobodyOfAll
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support import admin_pages
from tests.support.domain.cast import Counsellor
from tests.support.domain.wishes import confirms

pytestmark = pytest.mark.usefixtures("all_long_there")


@pytest.fixture
def ilse(db: None) -> Person:
    return admin_pages.ilse()


def power(by: Person, to: Counsellor) -> Wish:
    wish = needs_two.give_role(by, to.person.handle, "supervisor", now=clock.now())
    assert wish is not None
    assert wish.waits
    return wish


def gives_line(by: Person, to: Counsellor, line: str) -> None:
    needs_two.give_line(by, to.person.handle, line, now=clock.now())


def works_also(who: Counsellor, line: str) -> None:
    Work.objects.create(person=who.person, line_id=line)


def roles_of(who: Counsellor) -> list[str]:
    return Person.objects.get(pk=who.person.pk).roles


def test_a_line_that_is_given_meanwhile_withdraws_the_wish_for_power(
    ilse: Person, carla: Counsellor, floor: Counsellor, stopitnow: Line
) -> None:
    wish = power(ilse, carla)
    gives_line(ilse, carla, "stopitnow")
    wish.refresh_from_db()
    assert wish.how == Wish.How.WITHDRAWN
    assert admin_pages.audited("wish_dropped") == [
        (ilse.handle, carla.person.handle, "role supervisor withdrawn")
    ]
    with pytest.raises(Conflict):
        confirms(floor, wish)
    assert roles_of(carla) == ["counsellor"]


def test_a_line_that_came_by_another_way_meanwhile_is_judged_when_somebody_says_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, stopitnow: Line
) -> None:
    wish = power(ilse, carla)
    works_also(carla, "stopitnow")
    with pytest.raises(Conflict):
        confirms(floor, wish)


def test_of_who_works_for_two_lines_somebody_who_supervises_both_says_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    works_also(hanna, "stopitnow")
    wish = power(ilse, carla)
    for who in (floor, otto):
        with pytest.raises(Conflict):
            confirms(who, wish)
    confirms(hanna, wish)
    assert roles_of(carla) == ["counsellor", "supervisor"]


def test_who_asks_speaks_for_their_own_line_and_who_confirms_for_the_other(
    carla: Counsellor, floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    wish = power(floor.person, carla)
    with pytest.raises(Conflict):
        confirms(hanna, wish)
    confirms(otto, wish)


def test_where_nobody_could_say_yes_it_is_not_asked_and_says_so(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    with pytest.raises(NobodyOfAll):
        needs_two.give_role(ilse, carla.person.handle, "supervisor", now=clock.now())
    with pytest.raises(NobodyOfAll):
        staff_people.invite(
            ilse,
            staff_people.Newcomer("new", "New", ["supervisor"], lines=["helpwanted", "stopitnow"]),
            now=clock.now(),
        )
    assert not Wish.objects.exists()
    assert not Person.objects.filter(username="new").exists()


def test_two_lines_come_one_after_the_other_each_by_its_own_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    confirms(floor, power(ilse, carla))
    gives_line(ilse, carla, "stopitnow")
    wish = Wish.objects.get(ended_at=None)
    with pytest.raises(NotFound):
        confirms(floor, wish)
    confirms(otto, wish)
    assert Work.objects.filter(person=carla.person, line="stopitnow").exists()
