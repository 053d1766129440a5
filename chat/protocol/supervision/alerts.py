"""Frames about the thresholds at which a line raises an alert."""

from typing import Annotated

from msgspec import Meta

from chat.protocol.fields import Opaque
from chat.protocol.frames import Ok, Request


class Alerting(Request):
    """Asks for the thresholds at which a line raises an alert."""

    line: Opaque


class SetAlerting(Request):
    """Sets a line's thresholds: an alert is raised when `waiting` callers wait, or when a caller has waited
    for `minutes` minutes. A threshold that is null raises no alert."""

    line: Opaque
    waiting: Annotated[int, Meta(ge=1, le=100_000)] | None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None


class AlertingOk(Ok):
    """Answers `alerting` and `setalerting`. `told` is true if the line's alerts are also sent to a mail
    address or a webhook."""

    waiting: int | None
    minutes: int | None
    told: bool
