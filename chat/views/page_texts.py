"""What a caller's page shows: numbers, sites, things to do, as the release has them or a supervisor changed
them."""

import functools
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone, translation
from django.utils.formats import date_format

from chat.lines import editions, templates
from chat.lines.editions import Number
from chat.lines.sentences import of_everybody
from chat.models import Line
from chat.queue.availability import Found
from helpline import languages
from helpline.lib import clock

ANYWHERE_CHATS = ("113", "kindertelefoon")
ANYWHERE = ("112", "113", "kindertelefoon", "csg", "veilig-thuis")  # on pages that belong to no line
DIRECTORY = templates.FOLDER.parent / "services.json"


@dataclass(frozen=True, slots=True)
class Contact:
    """A service on a page: `phone` as people read it, `site` empty where there is none.

    `service`: its slug, or `line`. `chat`: the site where it chats whenever it is open.
    """

    service: str
    name: str
    phone: str
    site: str
    says: str
    chat: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.site).netloc


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    says: list[str]


def availability(found: Found, language: str, words: Mapping[str, str] | None = None) -> str:
    """Returns one sentence or two about what somebody finds who comes now."""
    read = words or of_everybody(language)
    if found.state == "closed" and found.opens:
        return _coming(found.opens, language, read)
    if found.state == "open" and found.minutes:
        low, high = found.minutes
        key = "minutes" if low else "soon"
        return f"{read['caller.lines.open']}. " + read[f"caller.waiting.{key}"].format(low=low, high=high)
    return read[f"caller.lines.{found.state}"]


def _coming(opens: datetime, language: str, read: Mapping[str, str]) -> str:
    """Returns today and tomorrow by name, in the helpline's own zone."""
    at = timezone.localtime(opens)
    ahead = (at.date() - timezone.localdate(clock.now())).days
    near = {0: "today", 1: "tomorrow"}.get(ahead)
    if near:
        return read[f"caller.lines.opens.{near}"].format(time=f"{at:%H:%M}")
    with translation.override(language):
        return f"{read['caller.lines.opens']} {date_format(at, read['caller.date.moment'])}"


def numbers(line: Line | None, words: Mapping[str, str]) -> list[Contact]:
    """Returns telephone numbers for every screen."""
    made = templates.read(line.template) if line else None
    chats = made.chats if made else ANYWHERE_CHATS
    found = _contacts(made.numbers if made else ANYWHERE, line, words)
    return [replace(one, chat=one.site) if one.service in chats else one for one in found]


def urgent(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns whom to call at once."""
    return _contacts(templates.read(line.template).urgent, line, words)


def pictures(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns sites that help where there are pictures."""
    return _contacts(templates.read(line.template).pictures, line, words)


def links(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns sites for people who read first."""
    return _contacts(templates.read(line.template).links, line, words)


def to_do_now(line: Line, words: Mapping[str, str]) -> list[str]:
    many = templates.read(line.template).now
    return [words[f"caller.now.{number}"] for number in range(1, many + 1)]


def guide(words: Mapping[str, str]) -> list[Section]:
    """Returns the page that a line has for people who read first: for parents, or about what is
    confidential."""
    found = []
    for number in itertools.takewhile(lambda one: f"caller.guide.{one}.title" in words, itertools.count(1)):
        said = itertools.takewhile(
            words.__contains__, (f"caller.guide.{number}.{one}" for one in itertools.count(1))
        )
        found.append(Section(words[f"caller.guide.{number}.title"], [words[key] for key in said]))
    return found


def sources(line: Line, language: str) -> dict[str, str]:
    """Returns who says the same as this release, and when somebody read it there, as people read it."""
    made = templates.read(line.template)
    names = [_directory()[slug]["name"] for slug in made.sources]
    return {"names": ", ".join(names), "checked": day(made.checked, language)}


def day(when: date, language: str) -> str:
    """Returns the day of a moment in the helpline's own zone."""
    with translation.override(language):
        shape = languages.texts("caller", language)["caller.date.day"]
        return date_format(timezone.localtime(when) if isinstance(when, datetime) else when, shape)


def edited(line: Line, *, now: datetime) -> dict[str, Any] | None:
    """Returns what replaces the release's texts, by language; None where nothing was changed, and no language
    in which a part is not written."""
    standing = editions.in_force(line, now=now)
    if standing is None:
        return None
    wording, since = standing
    phones = editions.phones(line)
    there = [one for one in wording.numbers if one.service in phones]  # a service may have gone since

    def calls(chosen: Iterable[Number], language: str) -> list[dict[str, str]]:
        return [
            {"service": one.service, "phone": phones[one.service], "says": one.says[language]}
            for one in chosen
        ]

    return {
        language: {
            "for": wording.is_for[language],
            "danger": wording.danger[language],
            "now": [tip[language] for tip in wording.tips],
            "changed": day(since, language),
            "numbers": calls((one for one in there if one.always), language),
            "urgent": calls((one for one in there if one.acute), language),
        }
        for language in editions.languages_of(wording)
    }


def _contacts(slugs: Sequence[str], line: Line | None, words: Mapping[str, str]) -> list[Contact]:
    found = []
    for slug in slugs:
        if slug == "line":
            if line and line.phone:
                found.append(Contact(slug, line.name, line.phone, "", line.name))
        else:
            row = _directory()[slug]
            found.append(
                Contact(slug, row["name"], row["phone"] or "", row["site"], words[f"caller.number.{slug}"])
            )
    return found


@functools.cache
def _directory() -> dict[str, dict[str, Any]]:
    """Returns the directory as this release has it: a page's bytes change with a release only."""
    return {row["slug"]: row for row in json.loads(DIRECTORY.read_text())}
