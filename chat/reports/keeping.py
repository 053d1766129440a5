"""Declares how long themes are kept."""

from datetime import timedelta

RULES = {"reports.Theme": "until the organisation drops it: which answers count together for whom"}
SPANS: dict[str, timedelta] = {}
