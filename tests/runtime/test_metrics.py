"""Metrics contain numbers only, among them how many conversations are overdue for purging."""

import shutil
import threading
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from chat.keys import slots
from chat.models import Line, Outgoing
from chat.runtime import heartbeat, starting
from helpline import line_gauges, operations
from helpline.lib import clock, file_timeouts
from tests.support.domain.cast import a_caller

TOKEN = "a token of a test, of 32 characters or more"


@pytest.fixture(autouse=True)
def count_again(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(operations, "_counted_at", -operations.COUNT_INTERVAL_SECONDS)


def number(client: Client, name: str) -> float:
    lines = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def overdue(client: Client) -> float:
    return number(client, "helpline_purge_overdue")


def test_a_purge_that_is_late_is_a_number(client: Client, helpwanted: Line) -> None:
    a_caller()
    assert overdue(client) == 0


def test_it_is_one_for_each_conversation_that_outlived_its_date(client: Client, helpwanted: Line) -> None:
    a_caller()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert overdue(client) == 1


def test_asked_again_at_once_it_is_not_counted_anew(client: Client, helpwanted: Line) -> None:
    assert overdue(client) == 0
    a_caller()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert overdue(client) == 0


def test_a_key_folder_that_lost_its_files_is_a_number(
    client: Client, helpwanted: Line, settings: Settings
) -> None:
    slots.forget()
    a_caller()
    assert number(client, "helpline_key_folders_away") == 0
    operations._counted_at = -operations.COUNT_INTERVAL_SECONDS
    for folder in settings.KEY_FOLDERS:
        shutil.rmtree(folder)
    assert number(client, "helpline_key_folders_away") == len(settings.KEY_FOLDERS)


def test_a_key_folder_that_does_not_answer_is_one_that_is_away(
    client: Client, helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    answers = threading.Event()
    monkeypatch.setattr(starting, "why_unwritable", lambda _: answers.wait(30) and "")
    assert number(client, "helpline_key_folders_away") == 1
    answers.set()


def test_while_a_folder_does_not_answer_it_is_told_that_the_worker_is_silent(
    client: Client, helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat.beat(clock.now() - timedelta(minutes=5))
    operations.WORKER.set(0)
    operations.DATABASE.set(0)
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    answers = threading.Event()
    monkeypatch.setattr(starting, "why_unwritable", lambda _: answers.wait(30) and "")
    assert number(client, "helpline_worker_silent_seconds") >= 300
    assert number(client, "helpline_database_up") == 1
    answers.set()


def test_a_mail_that_is_refused_again_and_again_is_late_however_often_it_is_tried(
    client: Client, helpwanted: Line
) -> None:
    now = clock.now()
    mail = Outgoing.objects.create(
        way="mail", line=helpwanted, subject="x", body="x", due_at=now, until=now + timedelta(hours=1)
    )
    Outgoing.objects.filter(pk=mail.pk).update(since=now - timedelta(minutes=20), due_at=now, tries=40)
    line_gauges.look(now)
    assert line_gauges.LATE._value.get() >= 1200
