"""Handles a supervisor's requests about a line. Most modules have the same name as the module in chat/lines/
that contains the rules."""

from chat.requests.lines import editions, open_or_close, ready_sentences, settings, timetables
