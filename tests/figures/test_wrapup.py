"""The coded form after a conversation."""

import pytest

from chat.conversation import endings
from chat.figures import wrapup
from chat.models import Figure, Line
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller


def test_a_wrap_up_is_counted_once_and_only_with_known_codes(
    carla: Counsellor, daan: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    now = clock.now()
    endings.leave(anna.seat, now=now)
    for codes in ({"subject": "my name is Anna"}, {"remarks": "peers"}):
        with pytest.raises(BadFrame):
            wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(NotFound):
        wrapup.wrap_up(daan.person, anna.conversation, {"subject": "peers"}, now=now)
    codes = {"subject": "peers", "detail": "sextortion"}
    wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(Conflict):
        wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    rows = Figure.objects.filter(name__startswith="wrapup_").values_list("name", "key", "value")
    assert set(rows) == {("wrapup_subject", "peers", 1), ("wrapup_detail", "sextortion", 1)}
