"""Checks a language's folder (helpline/languages.py). Each problem is a sentence for the person who made the
folder.

The folder is compared with that of the language that has every text. The server does not start with a
language that lacks a text, because the page that needs the text would fail for a caller.
"""

import json
import re
from pathlib import Path

MAX_NAMED = 5  # a sentence names at most this many missing texts
FORMAL = ".formal"
OF_CALLERS = "caller."
FOR_STAFF = ("console.json", "board.json", "staff.json", "services.json", "LC_MESSAGES/django.po")
_PLURAL = re.compile(r"\.(zero|one|two|few|many)$")
_BLANK = re.compile(r"\{(\w+)\}")


def of_callers(folder: Path, whole: Path) -> list[str]:
    """Returns a sentence for each problem with the texts for callers. `whole` is the folder of the language
    that has every text."""
    lines = sorted(folder.glob("lines/*.json"))
    known = {path.name for path in whole.glob("lines/*.json")}
    found = [
        f"{path}: no line is made like that; write {' or '.join(sorted(known))}"
        for path in lines
        if path.name not in known
    ]
    if not lines:
        found.append(f"{folder} has no lines/{' or lines/'.join(sorted(known))}: no line would speak it")
    for name in ("caller.json", *(f"lines/{path.name}" for path in lines if path.name in known)):
        found += _compared(folder / name, whole / name)
    return found


def of_staff(folder: Path) -> list[str]:
    """Returns a sentence about the staff's files that the folder lacks, if any. Only the default language
    needs all these files: where another language has no text, the staff's pages show the default
    language's."""
    lacks = [name for name in FOR_STAFF if not (folder / name).is_file()]
    return (
        [f"{folder} cannot be the first: the staff read it, and it lacks {', '.join(lacks)}"] if lacks else []
    )


def _compared(path: Path, whole: Path) -> list[str]:
    texts, wanted = _read(path), _read(whole)
    if isinstance(texts, str) or isinstance(wanted, str):
        return [str(texts)]
    base = {key: text for key, text in wanted.items() if _is_needed(key)}
    found = []
    if missing := [key for key in base if not texts.get(key, "").strip()]:
        more = f", and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        found.append(f"{path} lacks {', '.join(missing[:MAX_NAMED])}{more}")
    other = [
        key
        for key, text in base.items()
        if texts.get(key, "").strip() and _blanks(texts[key]) != _blanks(text)
    ]
    found += [f"{path}: {key} needs the same words in braces as {base[key]!r}" for key in other[:MAX_NAMED]]
    return found


def _read(path: Path) -> dict[str, str] | str:
    """Returns the texts, or a sentence that says why they cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    except ValueError as error:
        return f"{path} is no JSON in UTF-8 ({error})"
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        return f'{path} must be an object of texts: {{ "key": "text" }}'
    return found


def _is_needed(key: str) -> bool:
    """Returns whether every language needs this text for callers. Texts with formal address, and all plural
    forms except the last, are optional."""
    return key.startswith(OF_CALLERS) and not key.endswith(FORMAL) and not _PLURAL.search(key)


def _blanks(text: str) -> set[str]:
    return {*_BLANK.findall(text)}
