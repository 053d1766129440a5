"""Defines `Finding`, the result of a check of an installation, and runs checks. An exception in a check
becomes a finding, too."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from helpline.lib import failures
from helpline.lib.logs import where
from helpline.lib.typed import as_typed_here

PATIENCE_SECONDS = 5.0  # how long a check, or a database query in a check, may take


@dataclass(frozen=True, slots=True)
class Finding:
    """Holds the result of a check. `advice` says what to do, and is empty if there is no problem. A problem
    is only a warning if `grave` is False. If `stops` is True, no process can start until the problem is
    solved."""

    about: str
    words: str
    advice: str = ""
    grave: bool = True
    stops: bool = False

    @property
    def is_well(self) -> bool:
        return not self.advice

    @property
    def is_wrong(self) -> bool:
        return self.grave and not self.is_well

    def __str__(self) -> str:
        verdict = "ok   " if self.is_well else "STOP " if self.stops else "WRONG" if self.grave else "warn "
        advice = f" → {self.advice}" if self.advice else ""
        return as_typed_here(f"{verdict} {self.about}: {self.words}{advice}")


type Check = Callable[[], Finding | Iterable[Finding]]


def looked_at(about: str, check: Check) -> list[Finding]:
    """Runs a check and returns its findings. An exception in the check becomes a finding, too, because an
    administrator who looks for a cause must not get a traceback."""
    try:
        found = check()
        return [found] if isinstance(found, Finding) else list(found)
    except Exception as error:
        return [failed(about, error)]


def failed(about: str, error: Exception) -> Finding:
    """Returns a finding which says that a check raised this error. An error's own message may contain an
    address, so only the messages of disk errors are shown."""
    why = failures.of_the_disk(error) or f"{type(error).__name__}, {where(error)}"
    return Finding(
        about, f"could not be checked ({why})", "mend what stands before; if all else is well, tell us"
    )


def begun(about: str, check: Check, advice: str) -> Callable[[], list[Finding]]:
    """Starts a check on its own thread; the check must not use Django's database connection. Returns a
    function that waits for the check's findings. If the check has not ended PATIENCE_SECONDS after its start,
    the function returns a finding that says so."""
    found: list[Finding] = []
    until = time.monotonic() + PATIENCE_SECONDS
    thread = threading.Thread(target=lambda: found.extend(looked_at(about, check)), daemon=True)
    thread.start()

    def wait() -> list[Finding]:
        thread.join(max(0.0, until - time.monotonic()))
        return [*found] or [Finding(about, f"no answer within {PATIENCE_SECONDS:.0f} s", advice)]

    return wait
