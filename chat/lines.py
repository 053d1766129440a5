"""Lines: is one open, when does it open, may one more wait."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from chat import states
from chat.models import Conversation, Line
from counsellors.models import Duty, Role
from helpline.lib.errors import LineClosed, LineFull, UnknownLine


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a caller can enter now; `opens` when it is known."""

    open: bool
    opens: datetime | None = None


def opening(line: Line) -> Opening:
    """A line without hours of its own is open until a supervisor closes it."""
    return Opening(open=line.state != Line.State.CLOSED)


def find(slug: str) -> Line:
    line = Line.objects.filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    return line


def enter(slug: str) -> Line:
    """The line, if one more caller may wait there; its row is locked, so that the limit holds in a rush."""
    line = Line.objects.select_for_update(no_key=True).filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    now = opening(line)
    if not now.open:
        raise LineClosed(opens=now.opens)
    most = settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
    if Conversation.objects.filter(line=line, state=states.Conversation.WAITING).count() >= most:
        raise LineFull
    return line


def is_staffed(line: Line) -> bool:
    """A counsellor of the line is on duty, or on a break and will come back."""
    counsellors = Duty.objects.filter(person__work__line=line, person__role_rows__name=Role.Name.COUNSELLOR)
    return counsellors.exclude(state=Duty.State.OFF).exists()
