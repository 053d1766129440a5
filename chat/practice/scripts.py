"""Reads the scripts of made-up callers: their messages, what a person practises with each made-up caller, and
the checklist of a good conversation."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from chat.lines import templates
from helpline.lib import decoding

FOLDER = Path(__file__).parent / "data"

type Seen = Literal["", "acute", "step", "handoff", "referral", "unserious", "answered", "wrapup"]


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a message of a made-up caller. It is sent `pause` seconds after the previous message or, if
    `after_answer` is true, after the answer to that message. The caller is disconnected for `away` seconds
    before the message is sent."""

    pause: float
    after_answer: bool
    away: float = 0
    says: dict[str, str] = {}


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a point of the checklist. `sees` is the event at which the console ticks the point
    automatically. If `sees` is empty, a person ticks the point, and `says` explains when."""

    sees: Seen = ""
    says: dict[str, str] = {}


class MadeUpCaller(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describes a made-up caller to practise with. `about` explains what a person practises with this caller,
    and `accepts` is true if the caller accepts a handoff. If `locale` is set, the caller writes in that
    language, even if the person chose another one. If `letter` is true, the caller writes a letter, which is
    the only turn. `intake` holds the caller's answers to the questions before the conversation."""

    code: str
    urgency: Literal[0, 1, 2]
    accepts: bool
    turns: list[Turn]
    points: list[Point]
    intake: dict[str, str] = {}
    locale: str = ""
    letter: bool = False
    title: dict[str, str] = {}
    about: dict[str, str] = {}


_to_callers = decoding.from_json(list[MadeUpCaller])


@cache
def of_template(name: str) -> list[MadeUpCaller]:
    """Returns the made-up callers for lines of this template."""

    def worded(caller: MadeUpCaller) -> MadeUpCaller:
        key = f"practice.{caller.code}"
        turns = [
            msgspec.structs.replace(turn, says=templates.said(name, f"{key}.{n}"))
            for n, turn in enumerate(caller.turns, 1)
        ]
        points = [
            point if point.sees else Point(says=templates.said(name, f"{key}.point.{n}"))
            for n, point in enumerate(caller.points, 1)
        ]
        title, about = templates.said(name, key), templates.said(name, f"{key}.about")
        return msgspec.structs.replace(caller, title=title, about=about, turns=turns, points=points)

    found = _to_callers((FOLDER / f"{name}.json").read_bytes())
    return [worded(caller) for caller in found]
