"""Admission: may one more caller wait on a line."""

from datetime import datetime

from django.conf import settings

from chat import states
from chat.lines import open_now
from chat.models import Conversation, Line
from helpline.lib.errors import LineClosed, LineFull, UnknownLine


def enter(slug: str, *, now: datetime) -> Line:
    """The line, if one more caller may wait there; its row is locked, so that the limit holds in a rush."""
    line = Line.objects.select_for_update(no_key=True).filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    door = open_now.opening(line, now=now)
    if not door.open:
        raise LineClosed(opens=door.opens)
    most = settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
    if Conversation.objects.filter(line=line, state=states.Conversation.WAITING).count() >= most:
        raise LineFull
    return line
