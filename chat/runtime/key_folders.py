"""Checks that this host's key folders can be written and read, and that none of their files is missing."""

from functools import partial
from pathlib import Path

from django.conf import settings

from chat.keys import slots
from chat.runtime import starting
from helpline.lib import clock
from helpline.lib.file_timeouts import in_time

SILENT = "does not answer"  # how the reason begins if a folder hangs: whoever looks once more waits for ever


def away() -> int:
    """Returns how many key folders cannot be used. If the number is above 0, nobody can erase a conversation,
    and nothing is purged."""
    return sum(bool(why_away(folder)) for folder in settings.KEY_FOLDERS)


def why_closed(folder: Path) -> str:
    """Returns why the folder cannot be written, or "" if it can. It reads no table, so it cannot detect
    missing files."""
    why: list[str] = []
    try:
        in_time(lambda: why.append(starting.why_unwritable(folder)))
    except TimeoutError:
        why = [SILENT]
    return f"{why[0]}: nobody can erase, or soon come in" if any(why) else ""


def require_answers() -> None:
    """Raises TimeoutError (an OSError), within seconds, if a key folder or the journal's folder does not
    answer."""
    for folder in {*settings.KEY_FOLDERS, Path(settings.JOURNAL).parent}:
        in_time(partial(starting.why_unwritable, folder))


def answer() -> bool:
    """Returns, within seconds, whether the key folders and the journal's folder answer. If one does not,
    every check that reads it would wait for ever."""
    try:
        require_answers()
    except TimeoutError:
        return False
    return True


def why_away(folder: Path) -> str:
    if why := why_closed(folder):
        return why
    if lost := slots.missing_in(folder, now=clock.now()):
        what = f"lost {lost} of its files" if folder.exists() else "is not there"
        return f"{what}: nobody of those hours can erase, and nobody can soon come in"
    return ""
