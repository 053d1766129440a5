"""A line's own codes: offered at once, counted, ended for good, and no other line's."""

from datetime import UTC, datetime, timedelta

import pytest

from chat import bells
from chat.conversation import endings
from chat.figures import codes, counters, history, own_codes, wrapup
from chat.figures.own_codes import CodeTaken, Named, NoName, TooManyCodes
from chat.models import Figure, Line, OwnCode
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import BadFrame, NotFound
from tests.support.domain.cast import Counsellor, a_caller
from tests.support.domain.fixtures import Rung
from tests.support.texts import both

QUISHING = Named("detail", both("Valse QR-code", "Fake QR code"))


def added(floor: Counsellor, named: Named = QUISHING, now: datetime | None = None) -> str:
    return own_codes.add(floor.person, "helpwanted", named, now=now or clock.now())[-1].code


def wraps_up(carla: Counsellor, code: str) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"detail": code}, now=clock.now())


def test_a_new_code_is_offered_to_the_line_s_staff_at_once_and_counted(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    heard = rung(lambda: added(floor))
    assert {bell.person for bell in heard if isinstance(bell, bells.CodesChanged)} == {
        carla.person.pk,
        floor.person.pk,
    }
    offered, own = codes.offered_to(carla.person)
    assert "valse_qr_code" in offered["detail"]
    assert offered["detail"][-1] == "other", "another comes last"
    assert [row.says["nl"] for row in own] == ["Valse QR-code"]
    for _ in range(5):
        wraps_up(carla, "valse_qr_code")
    assert Figure.objects.get(name="wrapup_detail").key == "valse_qr_code"
    assert AuditRow.objects.filter(action="code", detail="valse_qr_code added").exists()


def test_a_code_that_ended_is_offered_no_more_an_open_form_may_still_send_it_and_figures_keep_it(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    offered, own = codes.offered_to(carla.person)
    assert code not in offered["detail"]
    assert own == []
    wraps_up(carla, code)
    past = datetime.fromisoformat("2026-08-10T12:00:00Z")
    OwnCode.objects.update(since=past)
    for month in (7, 8, 9):
        counters.count(counters.ANSWERED, "", "helpwanted", now=past.replace(month=month), value=9)
    counters.count("wrapup_detail", code, "helpwanted", now=past, value=9)
    found = history.past(floor.person, "helpwanted", "2026-Q3", now=past + timedelta(days=90))
    detail = next(table for table in found.tables if table.name == "detail")
    assert code in detail.rows
    assert codes.own_words("helpwanted")[code] == {"nl": "Valse QR-code", "en": "Fake QR code"}


def test_a_code_that_is_new_today_changes_no_table_of_before(helpwanted: Line, floor: Counsellor) -> None:
    """One more zero beside hidden fours would show that they are fours."""
    for month in (7, 8, 9):
        at = datetime(2026, month, 10, 12, tzinfo=UTC)
        counters.count(counters.ANSWERED, "", "helpwanted", now=at, value=12)
    values = {("wrapup_detail", code): 4 for code in codes.CODES["detail"]}
    counters.count_all(values | {("wrapup_detail", "sextortion"): 6}, "helpwanted", now=at)
    later = at + timedelta(days=90)
    before = history.past(floor.person, "helpwanted", "2026-Q3", now=later)
    own_codes.add(floor.person, "helpwanted", QUISHING, now=later)
    assert history.past(floor.person, "helpwanted", "2026-Q3", now=later) == before


def test_a_name_is_never_used_again(helpwanted: Line, floor: Counsellor) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    for named in (
        QUISHING,
        Named("subject", both("valse  QR-code", "Something")),
        Named("detail", both("Sextortion", "Off")),
    ):
        with pytest.raises(CodeTaken):
            added(floor, named)
    with pytest.raises(NotFound):
        own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    for named in (Named("detail", both("…", "Something")), Named("detail", both("Iets"))):
        with pytest.raises(NoName):
            added(floor, named)


def test_another_line_neither_offers_nor_takes_it(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, esra: Counsellor, floor: Counsellor
) -> None:
    code = added(floor)
    assert code not in codes.offered_to(esra.person)[0]["detail"]
    anna = a_caller(line="stopitnow")
    esra.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    with pytest.raises(BadFrame):
        wrapup.wrap_up(esra.person, anna.conversation, {"detail": code}, now=clock.now())
    with pytest.raises(NotFound):
        own_codes.of_line(floor.person, "stopitnow")
    with pytest.raises(NotFound):
        own_codes.add(floor.person, "stopitnow", QUISHING, now=clock.now())
    with pytest.raises(NotFound):
        own_codes.end(floor.person, "stopitnow", code, now=clock.now())


def test_forty_are_offered_at_most(helpwanted: Line, floor: Counsellor) -> None:
    for number in range(40):
        added(floor, Named("detail", both(f"Nieuw {number}", f"New {number}")))
    with pytest.raises(TooManyCodes):
        added(floor)
    own_codes.end(floor.person, "helpwanted", "nieuw_7", now=clock.now())
    assert added(floor) == "valse_qr_code"
