"""Checks that every process of an installation runs, and that all of them run the same release."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from chat.administration.findings import Finding
from chat.models import Heartbeat, Process
from chat.retention import hosts
from helpline import __version__
from helpline.machine import upgrade
from helpline.machine.machine import Machine

MAX_WORKER_PAUSE = timedelta(minutes=1)  # between two heartbeats of the worker
UNITS = {"callers": "helpline-callers", "staff": "helpline-staff", "worker": "helpline-worker"}
DOES = {
    "callers": "callers",
    "staff": "staff",
    "both": "callers and staff",
    "worker": "background work",
}


def missing(now: datetime) -> list[str]:
    """Returns the jobs (callers, staff, worker) for which no process runs on any host."""
    there = {row.does for row in hosts.alive(now)}
    parts = {Process.Does.CALLERS, Process.Does.STAFF} if Process.Does.BOTH not in there else set()
    return sorted(str(one) for one in (parts | {Process.Does.WORKER}) - there)


def processes(now: datetime) -> Finding:
    """Checks that a process runs for callers, one for staff and one for background work."""
    about = "processes"
    if settings.DEMO:  # a demo's processes have no rows
        return Finding(about, "not known of a demo")
    if absent := missing(now):
        units = " ".join(UNITS[one] for one in absent)
        advice = f"run as root `systemctl restart {units}`; if one ends again, `journalctl -u` says why"
        return Finding(about, f"none runs for {', '.join(DOES[one] for one in absent)}", advice)
    return Finding(about, "each task has one")


def worker(now: datetime) -> Finding:
    """Checks that a worker keeps the deadlines. The last purge does not show that: the timer purges, too."""
    seen_at = Heartbeat.objects.values_list("seen_at", flat=True).first()
    words = f"last wrote at {seen_at:%Y-%m-%d %H:%M:%S} UTC" if seen_at else "never ran"
    fresh = seen_at is not None and abs(now - seen_at) < MAX_WORKER_PAUSE
    advice = (
        "run as root `systemctl restart helpline-worker`, and read `journalctl -u helpline-worker`: without "
        "it no caller is requeued and nobody is alerted"
    )
    return Finding("worker", words, "" if fresh else advice)


def release(now: datetime, root: Path = Path("/")) -> Finding:
    """Checks that no upgrade is half done: every process runs the release to which this command belongs, and
    the installed package is that release, unless an administrator went back from it."""
    about, machine = "release", Machine(root)
    others = sorted({row.release for row in hosts.alive(now)} - {__version__, ""})
    if others or machine.path(f"{upgrade.RELEASES}/unfinished").is_symlink():
        words = f"an upgrade is not finished: {' and '.join([__version__, *others])} run"
        advice = "run as root `helpline upgrade`, which finishes it, or `helpline upgrade --back`"
        return Finding(about, words, advice)
    if not machine.path(f"{upgrade.PACKAGED}/VERSION").exists():
        return Finding(about, __version__)
    installed = upgrade.installed(machine)
    if upgrade.was_left(machine):
        words = f"{__version__} runs: somebody went back from {installed}, which is installed"
        return Finding(about, words, f"`helpline upgrade` changes to {installed} again", grave=False)
    if installed != upgrade.running(machine):
        words = f"{__version__} runs, and {installed} is unpacked, but not configured"
        return Finding(about, words, "run as root `dpkg --configure helpline`, which says why")
    return Finding(about, __version__)
