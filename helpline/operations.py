"""Serves pages for machines: whether this process is alive and ready, and its metrics, which are only
numbers."""

import contextlib
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from psycopg_pool import PoolTimeout

from chat import bells
from chat.consumers import loops
from chat.models import Line
from chat.queue import signs
from chat.retention import clock_guard, journal, purge
from chat.runtime import heartbeat, key_folders
from helpline import line_gauges
from helpline.lib import backup_files, clock, scopes, tokens
from helpline.lib.origins import is_from_this_host


@scopes.public
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@scopes.public
def readyz(request: HttpRequest) -> HttpResponse:
    """Returns 200 if the process has started and the database answers. Returns 503 before that, while the
    process drains, and while a restored backup still needs `restore-check`.

    The response names the reason only to a request from this host.
    """
    if why := _why_not_ready():
        words = why if is_from_this_host(request) else "not ready"
        return HttpResponse(words, status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


def _why_not_ready() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout):
        return "database"
    if journal.is_restored():
        return "restored: run restore-check"
    return "" if loops.ready() else "starting"


OVERDUE = Gauge("helpline_purge_overdue", "Conversations that should be gone; 0, or somebody must look")
RESTORED = Gauge("helpline_restored", "1 while a restored database is served to nobody")
AWAY = Gauge("helpline_key_folders_away", "Key folders that cannot be written or read: nobody can erase")
PRESSURE = Gauge(
    "helpline_pressure", "What a place costs: 0 nothing, 1 work, 2 hard work, 3 it is full", ["line"]
)
WORKER = Gauge("helpline_worker_silent_seconds", "For how long no worker has kept the deadlines")
BACKUP = Gauge("helpline_backup_age_seconds", "Age of the newest backup; 0 where none are made")
HALTED = Gauge("helpline_purge_halted", "1 while the purge waits because the clock jumped")
LAYER = Gauge("helpline_layer_up", "1 while bells reach the other processes")
DATABASE = Gauge("helpline_database_up", "1 while the database answers")
LAYER.set_function(lambda: float(bells.connected()))

SECURITY_TXT_LASTS = timedelta(days=180)
COUNT_INTERVAL_SECONDS = 20.0  # counting reads many rows
_counted_at = -COUNT_INTERVAL_SECONDS


@scopes.public
def metrics(request: HttpRequest) -> HttpResponse:
    """Returns the metrics to a request from this host or with the token; any other gets 404."""
    if not (is_from_this_host(request) or _bears_token(request)):
        raise Http404
    try:
        _look_at_database()
        DATABASE.set(1)
    except (DatabaseError, PoolTimeout):
        DATABASE.set(0)  # the counters of this process are still reported
    with contextlib.suppress(TimeoutError):
        HALTED.set(clock_guard.is_halted())
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _look_at_database() -> None:
    global _counted_at  # noqa: PLW0603 – of this process
    if time.monotonic() - _counted_at >= COUNT_INTERVAL_SECONDS:
        OVERDUE.set(purge.overdue(clock.now()))
        BACKUP.set(backup_files.age_seconds(clock.now()))
        WORKER.set(heartbeat.silent_seconds(clock.now()))
        line_gauges.look(clock.now())
        _look_at_folders()
        _counted_at = time.monotonic()
    for line, level in levels().items():
        PRESSURE.labels(line).set(level)


def _look_at_folders() -> None:
    """Reads what depends on the key folders and the journal. If one of these does not answer, all of them
    count as away: the numbers of callers and of the worker are still told."""
    try:
        key_folders.require_answers()
        RESTORED.set(journal.is_restored())
        AWAY.set(key_folders.away())
    except TimeoutError:
        AWAY.set(len(settings.KEY_FOLDERS))


@scopes.public
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Returns the contact for reports of vulnerabilities (RFC 9116); 404 if none is configured."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (clock.now() + SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [f"Expires: {clock.stamp(expires)}", "Preferred-Languages: nl, en"]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def levels() -> dict[str, int]:
    """Returns the pressure level of each line, from 0 to 3."""
    now = clock.now()
    return {line: signs.level_of(line, now=now) for line in Line.objects.real().values_list("pk", flat=True)}


def _bears_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = tokens.digest(settings.METRICS_TOKEN) if settings.METRICS_TOKEN else None
    return tokens.matches(token, expected) and kind.lower() == "bearer"
