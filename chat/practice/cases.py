"""Cases: what made-up callers say, and what is practised with each."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from chat.lines import templates

FOLDER = Path(__file__).parent / "data"


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message of a made-up caller. It comes `pause` seconds after the one before, or, with `after_answer`,
    after an answer to it."""

    pause: float
    after_answer: bool
    says: dict[str, str] = {}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up caller to practise with. `about`: what is practised. `accepts`: whether they accept a
    handoff."""

    code: str
    urgency: Literal[0, 1, 2]
    accepts: bool
    turns: list[Turn]
    title: dict[str, str] = {}
    about: dict[str, str] = {}


@cache
def of_template(name: str) -> list[Case]:
    """Returns the made-up callers for lines of this template."""

    def worded(case: Case) -> Case:
        key = f"practice.{case.code}"
        turns = [
            msgspec.structs.replace(turn, says=templates.said(name, f"{key}.{n}"))
            for n, turn in enumerate(case.turns, 1)
        ]
        about = templates.said(name, f"{key}.about")
        return msgspec.structs.replace(case, title=templates.said(name, key), about=about, turns=turns)

    found = msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=list[Case])
    return [worded(case) for case in found]
