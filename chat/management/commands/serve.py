"""Runs one web process: checks that it can start, starts Daphne from code, and closes all sockets before it
ends."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from daphne.server import Server  # must be first: it installs Twisted's reactor
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from twisted.internet import reactor

from chat.consumers import heartbeats, loops
from chat.models import Process
from chat.retention import hosts
from chat.runtime import key_check, releases, starting
from helpline import __version__
from helpline.lib import open_files, transport
from helpline.lib.parent import end_with
from helpline.lib.tasks import spawn
from helpline.lib.transport import frames
from helpline.parts import PARTS, Only

DRAIN_SECONDS = 5
# The interpreter's switch interval: a thread that waited for the database may wait this long again before it
# runs. Python's default is 5 ms.
SWITCH_SECONDS = 0.0005


class Command(BaseCommand):
    help = "Serves pages and sockets on one port until SIGTERM."
    requires_system_checks = ()  # `handle` runs the checks, and fails with another exit status

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.DEMO_PORT)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--only", choices=sorted(PARTS), help="the staff's part or the callers' alone")
        parser.add_argument("--parent", type=int, help="a process with which this one ends")

    def handle(self, *_: Any, **options: Any) -> None:
        from helpline.asgi import application, pages  # noqa: PLC0415 – only after the reactor is installed

        host, port = options["host"], options["port"]
        folders = starting.unwritable(starting.folders_of_server())
        starting.refuse(folders, starting.taken_ports(host, [port]))
        starting.refuse(starting.settings_that_do_not_fit())
        if options["only"]:
            if not settings.REDIS_URL:
                raise CommandError("--only needs REDIS_URL: callers and staff in two processes")
            application = Only(options["only"], application)  # type: ignore[assignment]
        starting.refuse(starting.missing_tables())
        if options["parent"]:
            end_with(options["parent"])
        self.pages = pages
        self.files = open_files.raise_limit()
        if too_few := open_files.complaint(self.files):
            self.stderr.write(too_few)
        hosts.introduce(hosts.Job(options["only"] or Process.Does.BOTH, port, __version__))
        key_check.require(self.stderr.write)
        if not settings.DEMO:
            releases.keep()
        sys.setswitchinterval(SWITCH_SECONDS)
        self.server = Server(
            application=application,
            endpoints=[f"tcp:port={port}:interface={host}:backlog=4096"],
            signal_handlers=False,
            verbosity=0,
            server_name="",
            websocket_timeout=-1,
            websocket_max_message_size=frames.MAX_MESSAGE_BYTES,
            websocket_max_frame_size=frames.MAX_MESSAGE_BYTES,
            websocket_connect_timeout=settings.HANDSHAKE.total_seconds(),
            websocket_handshake_timeout=settings.HANDSHAKE.total_seconds(),  # this is autobahn's own time-out
            ping_interval=10**9,  # the protocol has its own heartbeats
            ready_callable=self._begin,
        )
        self.server.run()
        if self.server.abort_start:  # another process took the port after taken_ports() tried it
            starting.refuse(starting.taken_ports(host, [port]))
        os._exit(0)  # does not wait for threads with slow database queries: nothing is left to save

    def _begin(self) -> None:
        transport.limit(self.server, open_files.divide(self.files))
        # Full garbage collections then skip the objects that exist now, which live as long as the process.
        gc.collect()
        gc.freeze()
        loop = asyncio.get_event_loop()
        spawn(loops.start())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: spawn(self._drain()))

    async def _drain(self) -> None:
        """Closes every socket, lets running requests finish, then stops the process."""
        for ends in (heartbeats.drain(), self.pages.ended()):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ends, DRAIN_SECONDS)
        await loops.stop()
        await asyncio.sleep(0.2)  # so that the closing frames are sent
        reactor.stop()  # type: ignore[misc]
