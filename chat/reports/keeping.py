"""Declares how long themes are kept."""

from datetime import timedelta

from helpline.keeping import kind

RULES = {"reports.Theme": "until the organisation drops it: which answers count together for whom"}
KINDS = {"themes": kind("", "reports.Theme")}
SPANS: dict[str, timedelta] = {}
