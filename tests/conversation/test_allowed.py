"""The server decides what a staff seat may send, and a console shows just that."""

from chat.conversation import endings
from chat.conversation.seats import allowed
from chat.models import Line
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller


def test_before_the_grant_a_counsellor_can_only_look(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    assert allowed(carla.takes_next()) == ["beat", "open", "seen", "sync"]


def test_who_is_in_charge_may_write_lead_and_close(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    leading = {"post", "typing", "note", "flag", "close", "unserious", "refer", "invite"}
    assert set(allowed(seat)) == leading | {"beat", "open", "seen", "sync"}


def test_after_the_end_what_is_left_is_reading_wrapping_up_and_leaving(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    endings.close(seat, now=clock.now())
    assert allowed(seat) == ["beat", "leave", "open", "seen", "sync", "wrapup"]
