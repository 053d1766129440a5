"""Makes two years of a line of which everything is known: how many are expected in each hour, and who
came."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chat.lines import hours
from chat.planning.demand import Hour

FIRST, DAYS = date(2025, 1, 6), 730
BY_WEEKDAY = (1.2, 1.1, 1.0, 1.0, 0.8, 0.7, 1.1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """Describes a year. `opens` to `closes` are hours, `by_hour` is how busy each is, and `growth` is over
    the year."""

    seed: int
    opens: int
    closes: int
    a_day: float
    growth: float
    unrest: float
    holiday: float

    def is_open(self, _day: date, hour: int) -> bool:
        return self.opens <= hour < self.closes

    def rates(self) -> dict[Hour, float]:
        """Returns the true rates, which a line does not know."""
        chance = random.Random(self.seed)
        week_by_week = [math.exp(chance.gauss(0, self.unrest)) for _ in range(DAYS // 7 + 1)]
        shape = {hour: 1 + 2 * math.exp(-(((hour - 20) / 3) ** 2)) for hour in range(self.opens, self.closes)}
        found = {}
        for ahead in range(DAYS):
            day = FIRST + ahead * DAY
            busy = BY_WEEKDAY[day.weekday()] * week_by_week[ahead // 7]
            busy *= (1 + self.growth) ** (ahead / 365) * (1 + 0.15 * math.sin(2 * math.pi * ahead / 365))
            busy *= self.holiday if hours.feasts_of(day) else 1
            for hour, part in shape.items():
                found[day, hour] = self.a_day * busy * part / sum(shape.values())
        return found

    def callers(self) -> dict[Hour, int]:
        chance = random.Random(self.seed + 1)
        return {hour: poisson(rate, chance) for hour, rate in self.rates().items()}


HELPWANTED = Year(seed=1, opens=9, closes=22, a_day=22, growth=0.24, unrest=0.10, holiday=0.6)
STOPITNOW = Year(seed=2, opens=14, closes=22, a_day=6, growth=0.05, unrest=0.15, holiday=1.3)


def poisson(mean: float, chance: random.Random) -> int:
    """Draws from a Poisson distribution by multiplying uniform numbers (Knuth)."""
    left, many = math.exp(-mean), -1
    product = 1.0
    while product > left:
        product *= chance.random()
        many += 1
    return many


def mondays(first_week: int = 14) -> Iterator[date]:
    """Returns the Mondays from which on enough is known."""
    for week in range(first_week, DAYS // 7):
        yield FIRST + week * 7 * DAY
