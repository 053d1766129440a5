"""Declarations of requests and of bell handlers: the tables that consumers dispatch by.

Tests compare the declarations with docs/permissions.md, which is kept by hand: what is dropped in one place
is missed in the other.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec

from chat.bells import Bell
from chat.protocol import CALLER, CONSOLE, DESK, Ok, Request
from helpline.lib import scopes

EVERY_CONSUMER = (CALLER, CONSOLE, DESK)
SEATED, IN_CHARGE = "seated", "in charge"
# What the console's browser must be: anything, proven and approved, or so by the database at this moment.
ANY, APPROVED, APPROVED_NOW = "any", "approved", "approved now"

type Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """A request. `handler` returns its ok, or None for a bare one; it raises refusals."""

    frame: type[Request]
    handler: Handler
    reply: type[Ok]
    consumers: tuple[str, ...]
    opens: bool
    may: str | None
    device: str | Callable[[Any], str]
    scope: str | None
    seat: str | None
    cost: float
    own_limit: bool

    def device_for(self, asked: Request) -> str:
        return self.device if isinstance(self.device, str) else self.device(asked)

    @property
    def field(self) -> str | None:
        """Returns the field that names what only some lines may see."""
        return None if self.scope in scopes.GENERAL else self.scope

    @property
    def name(self) -> str:
        """Returns its name on the wire."""
        return str(self.frame.__struct_config__.tag)


@dataclass(frozen=True, slots=True)
class Listening:
    """What a consumer does about a bell."""

    handler: Handler
    device: str
    missed: bool
    may: str | None


REQUESTS: dict[str, dict[type[Request], Declared]] = {consumer: {} for consumer in EVERY_CONSUMER}
HEARD: dict[str, dict[type[Bell], Listening]] = defaultdict(dict)


def request(
    frame: type[Request],
    *,
    consumers: str | tuple[str, ...],
    opens: bool = False,
    may: str | None = None,
    device: str | Callable[[Any], str] = APPROVED,
    scope: str | None = None,
    seat: str | None = None,
    cost: float = 1,
    own_limit: bool = False,
) -> Callable[[Handler], Handler]:
    """Declares the function below it as the handler of `frame`.

    `consumers` take it, as the first frame if it `opens`. `may` is the right that it needs (permissions.MAY).
    `device` is what a console's browser must be, or a function that decides by the frame. `scope` is the
    field that names what people of other lines must not learn of: it is checked before the handler
    (helpline/lib/scopes.py), and a refusal is on record. Raises NotDeclared where a field names a line,
    conversation, person, device, shift or service and no scope is given, at least PUBLIC, OWN or ALL. `seat`
    is what the domain asks for in the conversation. `cost` is charged to the socket's token bucket, or to one
    of its own; 0 where another rule limits it.
    """

    def declare(handler: Handler) -> Handler:
        answers = get_type_hints(handler)["return"]
        taking = (consumers,) if isinstance(consumers, str) else consumers
        reply = Ok if answers is type(None) else answers
        name = str(frame.__struct_config__.tag)
        whose = scopes.of_request(name, frame.__struct_fields__, scope)
        declared = Declared(frame, handler, reply, taking, opens, may, device, whose, seat, cost, own_limit)
        for consumer in taking:
            if frame in REQUESTS[consumer]:
                raise ValueError(f"{declared.name} is declared twice for {consumer}")
            REQUESTS[consumer][frame] = declared
        return handler

    return declare


def heard(
    bell: type[Bell],
    *,
    consumers: str | tuple[str, ...],
    device: str = APPROVED,
    missed: bool = False,
    may: str | None = None,
) -> Callable[[Handler], Handler]:
    """Declares the function below it as what these consumers do about a bell; a console once its device is
    proven. `missed`: a console that may have missed one of a person who `may` does the same, for each line
    where the bell names one."""

    def declare(handler: Handler) -> Handler:
        for consumer in (consumers,) if isinstance(consumers, str) else consumers:
            HEARD[consumer][bell] = Listening(handler, device, missed, may)
        return handler

    return declare


def decoder(consumer: str) -> Callable[[str], Request]:
    """Returns a function from the text of a frame to the request. It raises msgspec's errors for a frame that
    this consumer does not take."""
    union: Any = msgspec.json.Decoder[Any](_union(list(REQUESTS[consumer])))
    decode: Callable[[str], Request] = union.decode
    return decode


def _union(kinds: list[type[Request]]) -> Any:
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union |= kind
    return union
