"""Frames about a line's settings, and about adding and ending a line."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import Ok, Request


class LineSet(Struct, forbid_unknown_fields=True):
    """Holds a line's settings as the form sends them. A change of `phone`, `on_call_phone`, `path`, `hosts`,
    `template`, `services` or `alert_url` waits for a second supervisor; all other changes are stored at once.

    The order of the queue is decided by the waiting time plus a boost in minutes: `boost_soon` for callers
    whose urgency is soon, `boost_acute` for acute callers. `goal_at_once` and `goal_soon` are the percentages
    of callers who should be answered within one and within five minutes; null means the default goal. `hosts`
    are the line's own host names, separated by spaces. `services` are the services that callers are shown; if
    the list is empty, callers are shown those of the line's template.
    """

    name: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]
    formal: bool
    boost_soon: Annotated[int, Meta(ge=0, le=24 * 60)]
    boost_acute: Annotated[int, Meta(ge=0, le=24 * 60)]
    goal_at_once: Annotated[int, Meta(ge=1, le=99)] | None
    goal_soon: Annotated[int, Meta(ge=1, le=99)] | None
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
    on_call_phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
    path: Annotated[str, Meta(max_length=32, pattern=r"^[^\x00]*$")]
    hosts: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
    template: Opaque
    services: Annotated[list[Opaque], Meta(max_length=200)]
    alert_url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class LineSettings(Request):
    """Asks for a line's settings."""

    line: Opaque


class SetLine(Request):
    """Changes a line's settings. `version` is the version that the form showed before it was edited. The
    request is refused with `conflict` if there is a newer version."""

    line: Opaque
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    settings: LineSet


class AddLine(Request):
    """Asks a second supervisor for a new line. `path` is the last part of the address of the line's page, and
    identifies the line in all frames. `template` is the template whose texts the line shows at first. Both
    supervisors become supervisors of the new line."""

    template: Opaque
    name: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]
    path: Annotated[str, Meta(max_length=32, pattern=r"^[^\x00]*$")]
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]


class AddLineOk(Ok):
    """Answers `addline`. `waits` is true if a second supervisor has to confirm the new line."""

    waits: bool


class EndLine(Request):
    """Asks a second supervisor to end a line, or to restore a line that has ended. The request is refused
    with `conflict` and the `field` `ended` while a caller waits or talks on the line, or while a letter is
    open."""

    line: Opaque
    ended: bool


class EndLineOk(Ok):
    """Answers `endline`. `waits` is true if a second supervisor has to confirm the request."""

    waits: bool


class Inside(Struct):
    """Counts the open conversations of a line: waiting callers, chats in progress, and letters that are not
    closed yet. The line can be ended only when all three counts are zero."""

    waiting: int
    talking: int
    letters: int


class LineSettingsOk(Ok):
    """Answers `linesettings` and `setline`, with the fields of `setline`.

    `templates` are the names of all templates, and `offered` the names of all services. `waits` has the new
    value of each field that a second supervisor has to confirm; for `ended` this value is `end` or `back`.
    `asked` are the fields in `waits` that this request changed. `ended` is when the line ended, or null.
    """

    version: int
    name: str
    formal: bool
    boost_soon: int
    boost_acute: int
    goal_at_once: int | None
    goal_soon: int | None
    phone: str
    on_call_phone: str
    path: str
    hosts: str
    template: str
    services: list[str]
    alert_url: str
    ended: At | None
    templates: list[str]
    offered: dict[str, str]
    waits: dict[str, str]
    inside: Inside
    asked: list[str]
