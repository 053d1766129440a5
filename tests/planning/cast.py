"""Makes a Monday and shifts of that week, for the tests of the rota."""

from datetime import UTC, date, datetime, time, timedelta

from chat.planning import shifts
from chat.planning.models import Place, Shift
from chat.planning.shifts import When
from tests.support.domain.cast import Counsellor

MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FLOOR = "floor"


def when(day: int = 0, opens: str = "19:00", closes: str = "22:00") -> When:
    """Makes times. `day` counts from that Monday."""
    return When(MONDAY + timedelta(days=day), time.fromisoformat(opens), time.fromisoformat(closes))


def a_shift(
    floor: Counsellor,
    day: int = 0,
    opens: str = "19:00",
    closes: str = "22:00",
    *,
    wanted: int = 2,
    line: str = "helpwanted",
) -> Shift:
    return shifts.add(floor.person, line, when(day, opens, closes), wanted)


def on(shift: Shift) -> dict[str, str]:
    """Returns who is on it, by alias, and in which state."""
    return dict(Place.objects.filter(shift=shift).values_list("person__alias", "state"))
