"""Runs the worker's regular task for practice."""

from datetime import datetime

from chat.practice import made_up_callers


def each_minute(now: datetime) -> None:
    made_up_callers.forget_old(now)
