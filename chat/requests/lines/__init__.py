"""Handles a supervisor's requests about a line. Most modules have the name of the module in chat/lines/ that
has their rules."""

from chat.requests.lines import editions, open_or_close, ready_sentences, settings, timetables
