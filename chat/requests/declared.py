"""Declares the handlers of requests and bells. Consumers look them up in the tables REQUESTS and HEARD.

Tests compare the declarations with docs/permissions.md. That page is written by hand, so the tests fail if a
rule is removed from the page only, or from the code only.
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
# The state that a console's device must have. ANY: any state. APPROVED: authenticated and approved.
# APPROVED_NOW: in addition, still approved in the database when the request arrives.
ANY, APPROVED, APPROVED_NOW = "any", "approved", "approved now"

type Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """Declares one request. `handler` returns the `ok` frame, or None for an `ok` without fields. It refuses
    the request by raising a Refusal."""

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
        """Returns the name of the field that refers to protected data: people of other lines must not see
        that data. Returns None if the frame has no such field."""
        return None if self.scope in scopes.GENERAL else self.scope

    @property
    def name(self) -> str:
        """Returns the request's name on the wire."""
        return str(self.frame.__struct_config__.tag)


@dataclass(frozen=True, slots=True)
class Listening:
    """Declares how a consumer handles a bell."""

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
    """Declares the decorated function as the handler of `frame`.

    `consumers` accept the request. With `opens`, it has to be the first request of a socket. `may` is the
    right that its sender needs (permissions.MAY). `device` is the state that a console's device must have, or
    a function that returns this state for a frame. `scope` is the field that refers to protected data: people
    of other lines must not see that data. The field is checked before the handler runs
    (helpline/lib/scopes.py), and a refusal is recorded in the audit. Raises NotDeclared if a field is in
    scopes.NAMING and no scope is declared, or if the scope is neither PUBLIC, OWN or ALL nor the name of a
    field. `seat` is the seat that the domain function requires in the conversation: SEATED or IN_CHARGE.
    `cost` is charged to the socket's token bucket, or with `own_limit` to a separate bucket for this request;
    `cost` is 0 if the request is limited in another way.
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
    """Declares the decorated function as the handler of a bell in these consumers. At a console the handler
    runs only if the device is in the state `device`.

    With `missed`, approved consoles of people who have the right `may` (if given) also run the handler when
    bells may have been lost. Then it runs once or, if the bell has a field `line`, once for each of the
    person's lines.
    """

    def declare(handler: Handler) -> Handler:
        for consumer in (consumers,) if isinstance(consumers, str) else consumers:
            HEARD[consumer][bell] = Listening(handler, device, missed, may)
        return handler

    return declare


def decoder(consumer: str) -> Callable[[str], Request]:
    """Returns a function that parses the text of a frame into a request. That function raises an error of
    msgspec if the text is not a request that this consumer accepts."""
    union: Any = msgspec.json.Decoder[Any](_union(list(REQUESTS[consumer])))
    decode: Callable[[str], Request] = union.decode
    return decode


def _union(kinds: list[type[Request]]) -> Any:
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union |= kind
    return union
