"""Writes the status as one screen of plain text, in the organisation's first language."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from chat.administration.status import LineNow, ProcessNow, Status
from helpline.lib.typed import as_typed_here

MINUTE = 60
GAP = "  "
UNITS = {"callers": "helpline-callers", "staff": "helpline-staff", "worker": "helpline-worker"}


def screen(found: Status) -> str:
    """Returns the lines of the screen. It holds sums and the names of lines and hosts, and no person."""
    with translation.override(settings.LANGUAGE_CODE):
        return as_typed_here("\n".join(_lines(found)))


def _lines(found: Status) -> Iterator[str]:
    moment = date_format(timezone.localtime(found.at), gettext("status.moment"))
    whose = found.organisation or gettext("status.helpline")
    yield gettext("status.title") % {"whose": whose, "at": moment, "release": found.release}
    yield ""
    if found.database_trouble:
        yield gettext("status.away") % {"why": found.database_trouble}
        yield gettext("status.unknown")
        yield ""
    if found.next:
        yield gettext(f"status.next.{found.next}")
        yield ""
    if found.lines:
        yield from _table([_heads(), *(_row(line, found.at) for line in found.lines)])
        yield ""
    yield from _table([list(row) for row in _facts(found)], numbers=False)
    yield ""
    yield from _processes(found)
    yield ""
    yield gettext("status.check")


def _heads() -> list[str]:
    names = ("line", "now", "waiting", "talking", "letters", "on", "break")
    return [gettext(f"status.{name}") for name in names]


def _row(line: LineNow, now: datetime) -> list[str]:
    waiting = str(line.waiting)
    if minutes := line.longest_wait_seconds // MINUTE:
        waiting = gettext("status.waited") % {"count": line.waiting, "minutes": minutes}
    numbers = (line.talking, line.letters, line.on_duty, line.on_break)
    return [line.name, _opening(line, now), waiting, *map(str, numbers)]


def _opening(line: LineNow, now: datetime) -> str:
    state = "open" if line.open else "closed"
    if line.changes_at is None:
        return gettext(f"status.{state}")
    return gettext(f"status.{state}_until") % {"at": _at(line.changes_at, now)}


def _facts(found: Status) -> Iterator[tuple[str, str]]:
    if found.on_duty is not None:
        sums = {"on": found.on_duty, "break": found.on_break}
        yield gettext("status.duty"), gettext("status.duty.sums") % sums
    closing = [line for line in found.lines or [] if line.open and line.changes_at]
    if first := min(closing, key=lambda line: line.changes_at or found.at, default=None):
        yield gettext("status.closing"), f"{_at(first.changes_at, found.at)}, {first.name}"
    if found.backups_here or not settings.DEMO:
        otherwise = "status.never" if found.backups_here else "status.backup.elsewhere"
        yield gettext("status.backup"), _at(found.backup_at, found.at) or gettext(otherwise)
    purged = _at(found.purge_at, found.at) or gettext("status.never")
    yield gettext("status.purge"), gettext("status.purge.halted") if found.purge_halted else purged
    if late := sum(line.overdue for line in found.lines or []):
        yield gettext("status.overdue"), str(late)
    if found.alerts is not None:
        facts = {"count": found.alerts.waiting, "at": _at(found.alerts.oldest_since, found.at)}
        words = gettext("status.alerts.waiting") % facts if found.alerts.waiting else gettext("status.none")
        yield gettext("status.alerts"), words


def _processes(found: Status) -> Iterator[str]:
    """Yields the processes of all hosts; if they are not known, what the ports of this host answer."""
    if found.processes is None:
        rows = [[str(port), _answer(said)] for port, said in found.ports.items()]
        yield from _table([[gettext("status.port"), gettext("status.answers")], *rows], numbers=False)
        return
    heads = [gettext(f"status.{name}") for name in ("process", "host", "port", "release", "seen")]
    if found.processes:
        yield from _table([heads, *(_process(row, found.at) for row in found.processes)], numbers=False)
    for part in found.missing:
        facts = {"what": gettext(f"status.does.{part}"), "unit": UNITS[part]}
        yield gettext("status.missing") % facts


def _answer(said: str) -> str:
    return gettext(f"status.answer.{said.partition(':')[0].replace(' ', '_') or 'none'}")


def _process(row: ProcessNow, now: datetime) -> list[str]:
    seen = _at(row.seen_at, now)
    return [
        gettext(f"status.does.{row.does}") if row.does else "-",
        row.host,
        str(row.port or "-"),
        row.release or "-",
        seen if row.alive else gettext("status.vanished") % {"at": seen},
    ]


def _at(moment: datetime | None, now: datetime) -> str:
    """Returns the local time, with the date unless it is today's; "" for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localtime(now).date()
    return date_format(local, gettext("status.hour") if is_today else gettext("status.day"))


def _table(rows: list[list[str]], *, numbers: bool = True) -> Iterator[str]:
    """Yields the rows with their columns aligned; with `numbers` to the right, from the third column on."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if numbers and place > 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield GAP.join(cells).rstrip()
