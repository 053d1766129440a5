"""Checks that this host's key folders can be written and read, and that none of their files is missing."""

from pathlib import Path

from django.conf import settings

from chat.keys import slot_files, slots
from chat.runtime import starting
from helpline.lib import clock


def away() -> int:
    """Returns how many key folders cannot be used. If it is above 0, nobody can erase a conversation, and
    nothing is purged."""
    return sum(bool(why_away(folder)) for folder in settings.KEY_FOLDERS)


def why_away(folder: Path) -> str:
    why: list[str] = []
    try:
        slot_files.in_time(lambda: why.append(starting.why_unwritable(folder)))
    except TimeoutError:
        why = ["does not answer"]
    if any(why):
        return f"{why[0]}: nobody can erase, or soon come in"
    if lost := slots.missing_in(folder, now=clock.now()):
        what = f"lost {lost} of its files" if folder.exists() else "is not there"
        return f"{what}: nobody of those hours can erase, and nobody can soon come in"
    return ""
