"""Defines spans of opening hours, and the public holidays for which a line may set separate hours. Models and
rules share these plain values."""

from dataclasses import dataclass
from datetime import time

MIDNIGHT = time()
ANY = "any"  # every public holiday for which there is no separate rule
LIBERATION_DAY = "Bevrijdingsdag"  # a holiday only every fifth year; a rule for it applies every year
FEASTS = (
    "Nieuwjaarsdag",
    "Goede vrijdag",
    "Eerste paasdag",
    "Tweede paasdag",
    "Koningsdag",
    LIBERATION_DAY,
    "Hemelvaartsdag",
    "Eerste pinksterdag",
    "Tweede pinksterdag",
    "Eerste kerstdag",
    "Tweede kerstdag",
)


@dataclass(frozen=True, slots=True)
class Span:
    """Represents the time from `opens` until just before `closes`. If `closes` is not later than `opens`,
    `closes` is on the next day. 00:00–00:00 is a whole day."""

    opens: time
    closes: time

    @property
    def is_nothing(self) -> bool:
        return self.opens == self.closes != MIDNIGHT

    @property
    def runs_over_midnight(self) -> bool:
        return self.closes <= self.opens

    def contains(self, reading: time) -> bool:
        """Returns whether the span contains this time of the day on which the span opens."""
        return self.opens <= reading and (self.runs_over_midnight or reading < self.closes)

    def contains_next_morning(self, reading: time) -> bool:
        """Returns whether the span contains this time of the day after the one on which the span opens."""
        return self.runs_over_midnight and reading < self.closes
