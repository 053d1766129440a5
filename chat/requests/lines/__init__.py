"""Handles requests of a line's supervisor, with one module for each module of rules in chat/lines/."""

from chat.requests.lines import editions, open_or_close, ready_sentences, settings, timetables
