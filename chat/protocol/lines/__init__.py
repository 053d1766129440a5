"""Frames about a line: opening, throttling and closing it by hand, its settings, its opening hours, its own
texts, and ready sentences."""

from chat.protocol.lines.editions import *
from chat.protocol.lines.open_or_close import *
from chat.protocol.lines.ready_sentences import *
from chat.protocol.lines.settings import *
from chat.protocol.lines.timetables import *
