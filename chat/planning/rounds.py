"""Runs the worker's regular tasks for the rota."""

from datetime import datetime

from chat import outbox
from chat.planning import off_the_rota, reminders, shifts


def each_look(now: datetime) -> None:
    if outbox.can_mail():
        reminders.send(now=now)


def each_minute(now: datetime) -> None:
    shifts.forget_old(now)
    off_the_rota.tidy(now)
