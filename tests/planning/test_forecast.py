"""The forecast is replayed week by week over two made-up years of which the truth is known."""

import math
from datetime import date
from statistics import fmean

import ciw
import pytest

from chat.planning import erlang, forecast
from chat.planning.erlang import Load
from chat.planning.forecast import Pattern
from tests.planning.made_up_years import DAY, FIRST, HELPWANTED, STOPITNOW, Year, mondays

YEARS = pytest.mark.parametrize("year", [HELPWANTED, STOPITNOW], ids=["helpwanted", "stopitnow"])
HANDLING, PATIENCE, SLOTS = 25.0, 10.0, 2


def foretold(year: Year, monday: date) -> Pattern:
    known = {hour: many for hour, many in year.callers().items() if hour[0] < monday}
    pattern = forecast.pattern(known, monday, year.is_open)
    assert pattern is not None
    return pattern


def week(year: Year, monday: date) -> list[tuple[date, int]]:
    return [(monday + ahead * DAY, hour) for ahead in range(7) for hour in range(year.opens, year.closes)]


def needed(callers: float) -> int:
    return max(1, erlang.people_needed(Load(callers / 60, HANDLING, PATIENCE), SLOTS))


@YEARS
@pytest.mark.long
def test_over_two_years_the_truth_lies_in_the_range_and_the_sum_is_right(year: Year) -> None:
    truth = year.rates()
    inside, said, was, enough, off = [], [], [], [], []
    for monday in list(mondays())[::2]:
        pattern = foretold(year, monday)
        for day, hour in week(year, monday):
            expected, rate = pattern.at(day, hour), truth.get((day, hour))
            if rate is None:
                continue
            inside.append(expected.low <= rate <= expected.high)
            said.append(expected.mid)
            was.append(rate)
            enough.append(needed(rate) <= needed(expected.high))
            off.append(abs(needed(expected.mid) - needed(rate)))
    assert fmean(inside) > 0.7, "four times in five is what it says"
    assert sum(said) == pytest.approx(sum(was), rel=0.05)
    assert fmean(enough) > 0.9
    assert fmean(one <= 1 for one in off) > 0.95


@YEARS
def test_a_holiday_is_learnt_from_those_before(year: Year) -> None:
    monday = date(2026, 12, 21)  # with both days of Christmas
    pattern = foretold(year, monday)
    usual, feast = pattern.at(date(2026, 12, 18), 20), pattern.at(date(2026, 12, 25), 20)
    assert (feast.mid < usual.mid) == (year.holiday < 1)
    assert feast.high / feast.low > usual.high / usual.low, "of holidays less is known"


def test_a_line_that_grows_is_foretold_to_grow() -> None:
    came = {
        (FIRST + ahead * DAY, hour): round(4 * 1.05 ** (ahead / 7))
        for ahead in range(84)
        for hour in range(12, 18)
    }
    pattern = forecast.pattern(came, FIRST + 84 * DAY, lambda _day, hour: 12 <= hour < 18)
    assert pattern is not None
    last = fmean(many for (day, _), many in came.items() if day >= FIRST + 77 * DAY)
    assert 0.9 * last < pattern.at(FIRST + 87 * DAY, 15).mid < 1.25 * last


@pytest.mark.parametrize(("days", "an_hour"), [(27, 5), (80, 0)])
def test_too_little_is_no_forecast(days: int, an_hour: int) -> None:
    came = {(FIRST + ahead * DAY, hour): an_hour for ahead in range(days) for hour in range(12, 18)}
    assert forecast.pattern(came, FIRST + days * DAY, lambda _day, hour: 12 <= hour < 18) is None
    assert forecast.pattern({}, FIRST, lambda *_: True) is None


@pytest.mark.filterwarnings("ignore:Pickle, copy, and deepcopy:DeprecationWarning")  # of ciw's intervals
@YEARS
def test_evenings_that_are_staffed_as_advised_reach_the_goal(year: Year) -> None:
    """Each day is played as a whole, from the first hour to the last, so that chats continue in the next
    hour."""
    truth, helped, came = year.rates(), 0, 0
    for number, monday in enumerate(list(mondays(first_week=20))[::6]):
        pattern = foretold(year, monday)
        day = monday + (number % 7) * DAY
        people = [needed(pattern.at(day, hour).high) for hour in range(year.opens, year.closes)]
        rates = [truth[day, hour] / 60 for hour in range(year.opens, year.closes)]
        waits = play(rates, people, seed=number)
        came += len(waits)
        helped += sum(wait is not None and wait <= 1 for wait in waits)
    assert helped / came >= 0.80, f"{helped} of {came}"


def play(rates: list[float], people: list[int], seed: int) -> list[float | None]:
    """Plays a day. Returns everybody's wait, or None if they left. Staff who go home finish their chat
    first."""
    ends = [60.0 * (number + 1) for number in range(len(rates))]
    at_once = [SLOTS * many for many in (*people, people[-1])]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.PoissonIntervals(rates, ends, ends[-1])],
        service_distributions=[ciw.dists.Lognormal(math.log(HANDLING) - 0.245, 0.7)],
        number_of_servers=[ciw.Schedule(numbers_of_servers=at_once, shift_end_dates=[*ends, ends[-1] + 600])],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
    )
    ciw.seed(seed)
    played = ciw.Simulation(network)
    played.simulate_until_max_time(ends[-1] + 300)
    return [
        record.waiting_time if record.record_type == "service" else None
        for record in played.get_all_records()
        if record.record_type in {"service", "renege"}
    ]


@pytest.mark.parametrize(("callers", "enough"), [(49, False), (50, True)])
def test_a_forecast_rests_on_fifty_callers(callers: int, enough: bool) -> None:
    came = {(FIRST, 12): 0, (FIRST + 7 * DAY, 12): callers}
    found = forecast.pattern(came, FIRST + 84 * DAY, lambda _day, hour: 12 <= hour < 18)
    assert (found is not None) is enough
