"""Runs the worker, which carries out due transitions. If several processes run, an advisory lock makes one of
them the leader."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout

from chat import outbox
from chat.models import Process
from chat.retention import hosts
from chat.runtime import key_check, starting
from chat.runtime.rounds import Rounds
from helpline import __version__
from helpline.lib import clock, stores
from helpline.lib.locks import LEADER, take_advisory
from helpline.lib.logs import where
from helpline.lib.parent import end_with

_log = structlog.get_logger()


class Command(BaseCommand):
    help = "Keeps deadlines: leases, grants, callers who are gone, the longest span."
    requires_system_checks = ()  # `handle` runs the checks, and fails with another exit status

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, help="a process with which this one ends")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["parent"]:
            end_with(options["parent"])
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        starting.refuse(starting.unwritable(starting.folders_of_worker()))
        starting.refuse(starting.settings_that_do_not_fit())
        starting.refuse(starting.missing_tables())
        hosts.introduce(hosts.Job(Process.Does.WORKER, release=__version__))
        key_check.require(self.stderr.write)
        rounds = Rounds()
        outbox.begin(rounds.pause)
        database, layer = stores.complaints()
        while not stopping.wait(rounds.pause()):
            try:
                keep_keys()
                if leads():
                    rounds.go(clock.now())
                layer.tell_if_away()
            except (DatabaseError, InterfaceError, PoolTimeout) as error:
                if not isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
                    _log.error("round_failed", error=type(error).__name__, where=where(error))  # no outage
                let_go()
                database.tell_if_away()
            except key_check.REFUSALS as error:
                raise CommandError(key_check.in_words(error)) from None
        key_check.end()


def keep_keys() -> None:
    """Checks the keys as each process does. A key folder that is read-only, full or not mounted for a while
    stops only the purge: the deadlines of callers who wait and talk need no folder."""
    try:
        key_check.keep(clock.now())
    except OSError as error:
        _log.error("key_folder_away", error=type(error).__name__)


def let_go() -> None:
    """Closes the database session instead of returning it to the pool. In the pool it would stay open and
    keep the leader's lock, so that no worker could lead."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


def leads() -> bool:
    """Returns whether this process is the leader. It takes the leader's lock if no other process has it."""
    return take_advisory(LEADER)
