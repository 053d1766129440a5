"""What the worker does for those who practise."""

from datetime import datetime

from chat.practice import made_up_callers


def each_minute(now: datetime) -> None:
    made_up_callers.forget_old(now)
