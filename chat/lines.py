"""Lines: is one open, when does it open, may one more wait."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from chat import hours, schedules, states
from chat.models import Conversation, Line
from counsellors.models import Duty, Role
from helpline.lib import clock
from helpline.lib.errors import LineClosed, LineFull, UnknownLine


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a caller can enter now; `opens` when it is known."""

    open: bool
    opens: datetime | None = None


def opening(line: Line, *, now: datetime | None = None) -> Opening:
    """What a supervisor set, or else what the hours say. Closed by hand, nobody knows when it opens."""
    if line.state != Line.State.HOURS:
        return Opening(open=line.state == Line.State.OPEN)
    schedule, now = schedules.of_line(line), now or clock.now()
    opens = hours.next_opening(schedule, now)
    return Opening(open=True) if opens == now else Opening(open=False, opens=opens)


def find(slug: str) -> Line:
    line = Line.objects.filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    return line


def enter(slug: str, *, now: datetime) -> Line:
    """The line, if one more caller may wait there; its row is locked, so that the limit holds in a rush."""
    line = Line.objects.select_for_update(no_key=True).filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    door = opening(line, now=now)
    if not door.open:
        raise LineClosed(opens=door.opens)
    most = settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
    if Conversation.objects.filter(line=line, state=states.Conversation.WAITING).count() >= most:
        raise LineFull
    return line


def is_staffed(line: Line) -> bool:
    """A counsellor of the line is on duty, or on a break and will come back."""
    counsellors = Duty.objects.filter(person__work__line=line, person__role_rows__name=Role.Name.COUNSELLOR)
    return counsellors.exclude(state=Duty.State.OFF).exists()
