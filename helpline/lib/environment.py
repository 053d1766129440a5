"""Reads typed variables from the environment. Errors are collected, so that a failed start reports all of
them together."""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpline.lib import language_folders
from helpline.lib.errors import CannotStart

PREFIX = "HELPLINE_"
PLAIN = {"DATABASE_URL", "REDIS_URL", "PORT", "PROCESSES"}  # no prefix: other software reads them, too
MAX_DURATION = timedelta(days=36_500)
MAX_NUMBER = 10**15
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")


class Environment:
    """Reads variables. Each method that reads one takes its name without the prefix, and returns the default
    if the variable is unset or wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.known: set[str] = set()
        self.wrong: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(self._full(name), default)

    def words(self, name: str, default: str = "") -> list[str]:
        return self.text(name, default).split()

    def whole(self, name: str, default: int, *, least: int = 0, most: int = MAX_NUMBER) -> int:
        within = (
            f"whole number from {least} to {most}" if most < MAX_NUMBER else f"whole number from {least} on"
        )
        return self._parsed(name, default, int, least, most, within)

    def number(self, name: str, default: float, *, most: float = MAX_NUMBER) -> float:
        within = f"number from 0 to {most:g}" if most < MAX_NUMBER else "number from 0 on"
        return self._parsed(name, default, float, 0.0, most, within)

    def seconds(self, name: str, default: float) -> timedelta:
        most = MAX_DURATION.total_seconds()
        found = self._parsed(f"{name}_SECONDS", default, float, 0.0, most, "number of seconds")
        return timedelta(seconds=found)

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        if (found := self.text(name, default)) in choices:
            return found
        self.refuse(name, f"{found!r} is none of {', '.join(choices)}")
        return default

    def some_of(self, name: str, choices: tuple[str, ...]) -> list[str]:
        """Reads a selection of these names: all if the variable is unset or empty, none if it is `none`."""
        said = self.words(name) or [*choices]
        if said == ["none"]:
            return []
        for one in said:
            if one not in choices:
                known = ", ".join(choices)
                self.refuse(name, f"{one!r} is none of {known}; write names with spaces, or `none` alone")
        return [one for one in choices if one in said]

    def origins(self, name: str) -> list[str]:
        """Reads full origins as a browser sends them: scheme, host, and the port unless it is the scheme's
        default."""
        found = self.words(name)
        for origin in found:
            if not _is_origin(origin):
                self.refuse(name, f"{origin!r} is no origin; write it as https://chat.example")
        return [origin for origin in found if _is_origin(origin)]

    def hosts(self, name: str) -> list[str]:
        """Reads host names or addresses, in lower case. Refuses a scheme, a port and a network mask."""
        found = [host.lower() for host in self.words(name)]
        for host in found:
            if not _is_host(host):
                self.refuse(name, f"{host!r} is no host; write it as pager.example or 10.0.0.5")
        return [host for host in found if _is_host(host)]

    def languages(self, name: str, default: str, ours: Path) -> dict[str, Path]:
        """Reads languages: codes of included languages, or paths of other folders, each named after its
        language's code."""
        found: dict[str, Path] = {}
        whole = ours / default.split(maxsplit=1)[0]
        for said in self.words(name, default):
            folder = Path(said) if "/" in said else ours / said
            if problems := _of_language(folder, whole, is_first=not found, known=found):
                for problem in problems:
                    self.refuse(name, problem)
            else:
                found[folder.name] = folder.resolve()
        return found or {code: ours / code for code in default.split()}

    def address(
        self, name: str, schemes: tuple[str, ...], parse: Callable[[str], object], example: str
    ) -> str:
        """Reads the URL of a store. No error message repeats the URL, because it may contain a password."""
        found = self.text(name)
        if not found:
            return ""
        try:
            if found.partition("://")[0] in schemes:
                parse(found)
                return found
        except (ValueError, KeyError):
            pass
        self.refuse(name, f"it cannot be read as an address; write it as {example}")
        return ""

    def file(self, name: str, path: Path) -> str:
        """Returns the content of the file, or "" if there is none. An error is reported under the variable
        that names its folder."""
        try:
            return path.read_text()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            self.refuse(name, f"{path} cannot be read ({why}); run this as the account that it belongs to")
            return ""

    def json_file(self, name: str, path: Path) -> dict[str, Any]:
        """Returns the object in a JSON file, or {} if there is none. Errors are reported as by `file`."""
        try:
            found = json.loads(self.file(name, path) or "{}")
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
        self.refuse(name, f"{path} is torn; delete it, and the next start makes it anew")
        return {}

    def refuse(self, name: str, sentence: str) -> None:
        """Records an error about a variable. Other modules call it for an error that concerns several
        variables, or a file."""
        self.wrong.append(f"{self._full(name)}: {sentence}.")

    def require(self) -> None:
        """Raises CannotStart with a sentence for each variable that is wrong."""
        if self.wrong:
            raise CannotStart(*self.wrong)

    def unknown(self) -> list[str]:
        """Returns the variables with our prefix that no reader has asked for, because they are mistyped or
        belong to another release."""
        return sorted(name for name in self.values if name.startswith(PREFIX) and name not in self.known)

    def _full(self, name: str) -> str:
        full = name if name in PLAIN else PREFIX + name
        self.known.add(full)
        return full

    def _parsed[Number: (int, float)](
        self,
        name: str,
        default: Number,
        read: Callable[[str], Number],
        least: Number,
        most: Number,
        what: str,
    ) -> Number:
        """Parses a number. An empty value counts as unset."""
        if not (said := self.text(name).strip()):
            return default
        try:
            found = read(said)
        except ValueError:
            found = None
        if found is None or not math.isfinite(found) or not least <= found <= most:
            self.refuse(name, f"{said!r} is no {what}; write one such as {default:g}, or leave it out")
            return default
        return found


def _of_language(folder: Path, whole: Path, *, is_first: bool, known: Collection[str]) -> list[str]:
    if not _LANGUAGE.fullmatch(folder.name):
        return [f"{folder.name!r} is no language; a folder is named after its code in small letters, as fr"]
    if folder.name in known:
        return [f"{folder.name} is there twice"]
    if not folder.is_dir():
        return [f"{folder.name!r} is no language of ours; write the path of its folder, as /srv/languages/fr"]
    staff = language_folders.of_staff(folder) if is_first else []
    return staff + language_folders.of_callers(folder, whole)


def _is_origin(said: str) -> bool:
    try:
        place = urlsplit(said)
        return (
            place.scheme in {"http", "https"}
            and bool(place.hostname)
            and place.port != 0
            and said == f"{place.scheme}://{place.netloc}"
            and "@" not in place.netloc
        )
    except ValueError:
        return False


def _is_host(said: str) -> bool:
    try:
        ip_address(said)
    except ValueError:
        return bool(_HOST.fullmatch(said))
    return True
