"""Prints the progress of a command: a line for each step, with a dot for each finished part."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Step:
    """Prints one line. Use it as `with Step(say, "Making the tables") as step:` and `step.dot()`. The line
    ends with the seconds that the step took."""

    def __init__(self, say: Callable[[str], object], words: str, *, every: int = 1) -> None:
        self.say, self.words, self.every = say, words, every
        self.done = 0

    def __enter__(self) -> Self:
        self.begun = time.monotonic()
        self.say(f"  {self.words}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.say("\n" if kind else f" {time.monotonic() - self.begun:.0f} s\n")

    def dot(self) -> None:
        self.done += 1
        if self.done % self.every == 0:
            self.say(".")

    def write(self, words: str) -> None:
        """Makes a step usable as the output stream of another command: each newline counts as one finished
        part."""
        for _ in range(words.count("\n")):
            self.dot()

    def flush(self) -> None:
        pass
