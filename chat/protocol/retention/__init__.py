"""Frames about the keys of lines, reading transcripts again, holds, a line's retention, and whether the purge
is overdue."""

from chat.protocol.retention.holds import *  # noqa: F403
from chat.protocol.retention.keeping import *  # noqa: F403
from chat.protocol.retention.line_keys import *  # noqa: F403
from chat.protocol.retention.readings import *  # noqa: F403
from chat.protocol.retention.waiting import *  # noqa: F403
