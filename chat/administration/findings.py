"""Defines the result of a check of an installation."""

from dataclasses import dataclass

from helpline.lib.typed import as_typed_here


@dataclass(frozen=True, slots=True)
class Finding:
    """Holds the result of a check. `advice` is empty if all is well; a finding that is not `grave` is a
    warning."""

    about: str
    words: str
    advice: str = ""
    grave: bool = True

    @property
    def is_well(self) -> bool:
        return not self.advice

    @property
    def is_wrong(self) -> bool:
        return self.grave and not self.is_well

    def __str__(self) -> str:
        verdict = "ok   " if self.is_well else "WRONG" if self.grave else "warn "
        advice = f" → {as_typed_here(self.advice)}" if self.advice else ""
        return f"{verdict} {self.about}: {self.words}{advice}"
