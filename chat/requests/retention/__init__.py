"""Handles requests about retention: the keys of lines, readings of transcripts, holds, and how long a line
keeps conversations."""

from chat.requests.retention import holds, keeping, line_keys, readings, waiting
