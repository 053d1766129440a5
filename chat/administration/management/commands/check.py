"""Checks that everything needed to start is present. With an option or an app label it runs Django's own
check, which it extends."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import check

from chat.administration import health
from chat.administration.findings import Finding
from chat.runtime import starting
from helpline.lib import stores
from helpline.lib.errors import FOR_A_PERSON

DJANGO_S = ("tags", "list_tags", "deploy", "databases")


class Command(check.Command):
    help = (
        "Says, a line each, whether settings, folders, database and Redis are there for a start; status 2 "
        "where one is not. `doctor` looks at what runs. With an option or an app it is Django's own check."
    )

    def handle(self, *app_labels: Any, **options: Any) -> None:
        if app_labels or any(options[name] for name in DJANGO_S):
            super().handle(*app_labels, **options)
            return
        wrong = 0
        for finding in examine():
            self.stdout.write(str(finding))
            wrong += finding.is_wrong
        if wrong:
            raise CommandError(f"{wrong} to be mended before a start", returncode=FOR_A_PERSON)


def examine() -> Iterator[Finding]:
    """Yields a finding for each check. If a setting cannot be read, the command has ended before, with a
    message that names all such settings."""
    given = settings.ENVIRONMENT
    set_ones = len(given.known & set(given.values))
    yield Finding("settings", f"{set_ones} are set, each can be read")
    for name in given.unknown():
        yield Finding("settings", f"{name} is none of this release", "see docs/settings.md", grave=False)
    for variable, places in folders().items():
        yield from (_folder(variable, place) for place in places)
    database = _database()
    yield database
    for sentence in starting.missing_tables():
        yield Finding("tables", sentence.rstrip("."), "or a start is refused", grave=False)
    yield health.layer()
    if database.is_well:  # Django's checks ask the database what it supports
        unfit = [Finding("together", sentence, "see docs/settings.md") for sentence in _unfit()]
        yield from unfit or [Finding("together", "the settings fit")]


def _folder(variable: str, place: Any) -> Finding:
    why = starting.why_unwritable(place)
    return Finding(variable, f"{place} {why or 'can be written'}", starting.UNWRITABLE if why else "")


def folders() -> dict[str, list[Any]]:
    backups = {"HELPLINE_BACKUP_FOLDER": [settings.BACKUP_FOLDER]} if settings.BACKUP_FOLDER else {}
    return starting.folders_of_server() | starting.folders_of_worker() | backups


def _unfit() -> Iterator[str]:
    return (sentence.rstrip(".") for sentence in starting.settings_that_do_not_fit())


def _database() -> Finding:
    """Checks that the database answers. `doctor` checks its content."""
    if why := stores.database_trouble():
        return Finding("database", f"does not answer ({why})", health.start_database())
    return Finding("database", "answers")
