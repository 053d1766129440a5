"""Supervisors who ask for what takes two, and confirm it."""

from datetime import timedelta

from chat.models import LastProven, Line, Wish
from chat.supervision import needs_two, two_persons
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later


def wants_longer(who: Counsellor, hours: int = 720) -> Wish:
    (wish,) = needs_two.set_keeping(who.person, "helpwanted", hours=hours, two=False, now=clock.now())
    return wish


def kept() -> timedelta:
    return Line.objects.get(pk="helpwanted").retention


def confirms(who: Counsellor, wish: Wish, seconds_later: float = 0) -> Wish:
    return two_persons.confirm(who.person, wish.pk, now=later(clock.now(), seconds_later))


def gone(who: Counsellor, days: int) -> None:
    """So many days ago they were last proven."""
    LastProven.objects.filter(person=who.person).update(at=clock.now() - timedelta(days=days))
