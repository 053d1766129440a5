"""Requests of a line's supervisor, one module for each rule of chat/lines/."""

from chat.requests.lines import editions, open_or_close, ready_sentences, timetables

__all__ = ["editions", "open_or_close", "ready_sentences", "timetables"]
