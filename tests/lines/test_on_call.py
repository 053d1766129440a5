"""Only those who work for a line see the number of its supervisor on call."""

import urllib.request

from chat.consumers import queue_news
from chat.lines import staff
from chat.models import Line, Work
from chat.requests.staff import colleagues_frame
from counsellors.models import Role
from helpline.lib import clock
from tests.support.cast import carla as carla_connects
from tests.support.cast import gijs
from tests.support.domain.cast import Counsellor
from tests.support.platform import Platform

NUMBER = "088-0000112"  # of the demo


def test_it_is_told_to_counsellors_and_supervisors_of_the_line_and_in_no_other_role(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    Line.objects.filter(pk=helpwanted.pk).update(on_call_phone=NUMBER)
    assert staff.on_call(carla.person) == staff.on_call(floor.person) == {"helpwanted": NUMBER}
    assert staff.on_call(otto.person) == {}, "his line has none, and the other's is not his"
    Role.objects.filter(person=carla.person).update(name=Role.Name.ADMINISTRATOR)
    assert Work.objects.filter(person=carla.person, line=helpwanted).exists()
    assert staff.on_call(type(carla.person).objects.get(pk=carla.person.pk)) == {}


def test_a_change_comes_with_the_colleagues_of_the_line(carla: Counsellor, helpwanted: Line) -> None:
    Line.objects.filter(pk=helpwanted.pk).update(on_call_phone=NUMBER)
    told = staff.on_call_of("helpwanted")
    assert colleagues_frame("helpwanted", True, [], [], told, carla.person).on_call == NUMBER
    Role.objects.filter(person=carla.person).update(name=Role.Name.PARTNER)
    other = type(carla.person).objects.get(pk=carla.person.pk)
    assert colleagues_frame("helpwanted", True, [], [], told, other).on_call == ""


def test_a_line_that_has_ended_is_told_as_that(carla: Counsellor, helpwanted: Line) -> None:
    news = queue_news._news_of("helpwanted", with_people=True)
    assert not news.ended
    Line.objects.filter(pk="helpwanted").update(ended_at=clock.now())
    assert queue_news._news_of("helpwanted", with_people=True).ended
    assert colleagues_frame("helpwanted", False, [], [], "", carla.person, ended=True).ended


async def test_a_proven_console_has_it_and_a_partner_does_not(laptop: Platform) -> None:
    watcher, partner = await carla_connects(laptop), await gijs(laptop)
    assert watcher.greeting["on_call"] == {"helpwanted": NUMBER}
    assert partner.greeting["on_call"] == {}


def test_no_page_of_a_caller_has_it(laptop: Platform) -> None:
    for path in ("/nl/praat/", "/api/lines/praat/", "/nl/"):
        with urllib.request.urlopen(f"{laptop.url}{path}", timeout=10) as answer:
            assert NUMBER not in answer.read().decode()
