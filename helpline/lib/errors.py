"""Declares the refusals: the errors with which a request may be answered. Each docstring is the sentence that
the person reads."""

from typing import ClassVar

FOR_A_PERSON = 2  # the exit status when only a person can fix the cause: nothing restarts the process


class Refusal(Exception):
    """That did not work."""

    code: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def detail(self) -> str:
        return (self.__doc__ or "").strip()


class CannotStart(Exception):
    """Reports problems that only a person can fix. Each argument is a sentence that names the variable,
    folder or port.

    The process ends with the status FOR_A_PERSON, and neither systemd nor the demo starts it again.
    """

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class BadFrame(Refusal):
    """This message does not have the agreed form."""

    code = "bad_frame"


class WrongField(BadFrame):
    """Something in this field of the form cannot be stored."""

    def __init__(self, field: str) -> None:
        super().__init__(field=field)


class UnknownLine(Refusal):
    """There is no such helpline."""

    code = "unknown_line"


class LineClosed(Refusal):
    """The helpline is closed now."""

    code = "line_closed"


class LineFull(Refusal):
    """Too many people are waiting. Please try again later, or call."""

    code = "line_full"


class WorkAsked(Refusal):
    """Many people are coming in at once. Your browser has to do some arithmetic first."""

    code = "work"


class NotFound(Refusal):
    """There is nothing here, or it is not yours to see."""

    code = "not_found"


class Forbidden(Refusal):
    """Your role does not allow this."""

    code = "forbidden"


class Conflict(Refusal):
    """This cannot be done in the present state."""

    code = "conflict"


class OnlyRefer(Conflict):
    """This service has no desk here, and no contact that a link could go to. Refer to it instead."""

    def __init__(self) -> None:
        super().__init__(refer=True)


class OnlyToADesk(OnlyRefer):
    """You can bring in only services with a desk here. Refer to this one instead."""


class NothingToGive(Conflict):
    """This service has no number and no site: there is nothing to give a caller."""


class StaleEpoch(Refusal):
    """Somebody joined or left; seal the message again."""

    code = "stale_epoch"


class Ended(Refusal):
    """The conversation has ended."""

    code = "ended"


class SlowDown(Refusal):
    """That went too fast. Wait a moment and send it again."""

    code = "slow_down"


class HoldsNoMore(SlowDown):
    """This conversation can hold no more messages. You can still leave or end it."""


class TryAgain(Refusal):
    """It could not be stored just now. Try again."""

    code = "try_again"


class Replayed(Refusal):
    """Another message with this id is stored already."""

    code = "replayed"


class TakenOver(Conflict):
    """This conversation goes on in a newer tab."""


class Gone(NotFound):
    """This conversation is gone."""


class AccessWithdrawn(Forbidden):
    """Your access to this page has been withdrawn. Sign in again."""
