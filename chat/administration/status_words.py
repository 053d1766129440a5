"""Formats the status as one screen of plain text, in English like all of the administrator's tools."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from chat.administration import database
from chat.administration.running import DOES, UNITS
from chat.administration.status import LineNow, Next, ProcessNow, Status
from helpline.lib.typed import as_typed_here

MINUTE = 60
GAP = "  "
NEXT = {
    Next.SETUP: "Nothing is set up here yet. Begin with `helpline setup`.",
    Next.MIGRATE: "The database lacks tables of this release. Make them with `helpline migrate`.",
    Next.COME_IN: "Nobody has come in yet. Let the first people open the links that `helpline setup` showed."
    " They work for 24 hours; `helpline link NAME` makes another.",
    Next.PUT_BACK: "The database is empty, but keys or a journal of a helpline are here. Put its backup back:"
    " see docs/backup.md. `helpline setup` would begin another helpline.",
    Next.RESTORE: "A backup was put back, and nobody can come in yet. Run `helpline restore-check` now.",
}
UNKNOWN = (
    "So it is not known which lines are open, how many people wait, talk and are on duty, and whether alerts"
    " are on their way."
)
ANSWERS = {
    "": "does not answer",
    "ready": "works",
    "not ready": "is not ready",
    "starting": "is starting",
    "database": "waits for the database",
    "restored": "waits for `helpline restore-check`",
}


def screen(found: Status) -> str:
    """Returns the text of the screen: totals, the names of the lines and hosts, and nothing about a
    person."""
    return as_typed_here("\n".join(_lines(found)))


def _lines(found: Status) -> Iterator[str]:
    moment = f"{timezone.localtime(found.at):%A %-d %B %Y, %H:%M %Z}"
    yield f"{found.organisation or 'Helpline'}. {moment}. Release {found.release}."
    yield ""
    if found.database_trouble:
        yield f"The database does not answer ({found.database_trouble})."
        yield f"What to do: {database.start()}."
        yield UNKNOWN
        yield ""
    if not found.folders_answer:
        yield "A folder of HELPLINE_KEYS or HELPLINE_JOURNAL does not answer."
        yield "So nobody can erase, and nothing is purged."
        yield "What to do: look whether a shared folder is away (`mount`, `df`)."
        yield ""
    if found.next:
        yield NEXT[found.next]
        yield ""
    if found.lines:
        yield from _table([_heads(), *(_row(line, found.at) for line in found.lines)])
        yield ""
    yield from _table([list(row) for row in _facts(found)], numbers=False)
    yield ""
    yield from _processes(found)
    yield ""
    yield "Is something wrong? `helpline check` says what, and what you can do."


def _heads() -> list[str]:
    return ["Line", "Now", "Waiting", "Talking", "Letters", "On duty", "Break"]


def _row(line: LineNow, now: datetime) -> list[str]:
    waiting = str(line.waiting)
    if minutes := line.longest_wait_seconds // MINUTE:
        waiting = f"{line.waiting} ({minutes} min)"
    numbers = (line.talking, line.letters, line.on_duty, line.on_break)
    return [line.name, _opening(line, now), waiting, *map(str, numbers)]


def _opening(line: LineNow, now: datetime) -> str:
    state = "open" if line.open else "closed"
    return f"{state} until {_at(line.changes_at, now)}" if line.changes_at else state


def _facts(found: Status) -> Iterator[tuple[str, str]]:
    if found.on_duty is not None:
        yield "On duty in all", f"{found.on_duty}, and {found.on_break} on a break"
    closing = [line for line in found.lines or [] if line.open and line.changes_at]
    if first := min(closing, key=lambda line: line.changes_at or found.at, default=None):
        yield "Closes first", f"{_at(first.changes_at, found.at)}, {first.name}"
    if found.backups_here or not settings.DEMO:
        otherwise = "never" if found.backups_here else "this machine makes none"
        yield "Last backup", _at(found.backup_at, found.at) or otherwise
    purged = _at(found.purge_at, found.at) or ("never" if found.folders_answer else "not known")
    yield "Last purge", "it stands still; `helpline check` says why" if found.purge_halted else purged
    if late := sum(line.overdue for line in found.lines or []):
        yield "Purged too late", str(late)
    if found.alerts is not None:
        oldest = f"{found.alerts.waiting}, the oldest from {_at(found.alerts.oldest_since, found.at)}"
        yield "Alerts not delivered yet", oldest if found.alerts.waiting else "none"


def _processes(found: Status) -> Iterator[str]:
    """Yields a table of the processes on all hosts. If the processes are not known, yields a table of this
    host's ports, with the readiness that the process on each port reports."""
    if found.processes is None:
        rows = [[str(port), _answer(said)] for port, said in found.ports.items()]
        yield from _table([["Port", "Answer"], *rows], numbers=False)
        return
    heads = ["Process for", "Host", "Port", "Release", "Seen"]
    if found.processes:
        yield from _table([heads, *(_process(row, found.at) for row in found.processes)], numbers=False)
    for part in found.missing:
        yield f"Nothing runs for {DOES[part]}. Look with: systemctl status {UNITS[part]}"


def _answer(said: str) -> str:
    return ANSWERS[said.partition(":")[0]]


def _process(row: ProcessNow, now: datetime) -> list[str]:
    seen = _at(row.seen_at, now)
    return [
        DOES.get(row.does, "-"),
        row.host,
        str(row.port or "-"),
        row.release or "-",
        seen if row.alive else f"{seen}: ended without a word",
    ]


def _at(moment: datetime | None, now: datetime) -> str:
    """Returns the local time, with the date if it is not today, or "" for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localtime(now).date()
    return f"{local:%H:%M}" if is_today else f"{local:%-d %b %H:%M}"


def _table(rows: list[list[str]], *, numbers: bool = True) -> Iterator[str]:
    """Yields the rows with aligned columns. With `numbers`, the third column and those after it are aligned
    to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if numbers and place > 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield GAP.join(cells).rstrip()
