"""Frames about the keys of lines, readings of transcripts, holds, a line's retention, and whether the purge
is overdue."""

from chat.protocol.retention.holds import *
from chat.protocol.retention.keeping import *
from chat.protocol.retention.line_keys import *
from chat.protocol.retention.readings import *
from chat.protocol.retention.waiting import *
