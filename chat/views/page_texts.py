"""Chooses the numbers, sites and tips that a caller's page shows: those of the release, or those that a
supervisor wrote."""

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
from chat.models import Line, Service
from chat.queue.availability import Found
from helpline import languages
from helpline.lib import clock

ANYWHERE_CHATS = ("113", "kindertelefoon")
ANYWHERE = ("112", "113", "kindertelefoon", "csg", "veilig-thuis")  # services on pages that belong to no line
DIRECTORY = templates.FOLDER.parent / "services.json"


@dataclass(frozen=True, slots=True)
class Contact:
    """Describes a service on a page. `phone` is the number as people write it; `site` is empty if the service
    has none.

    `service` is the slug of the service, or `line` for the line itself. `chat` is the site of the service's
    chat; it is set only if the chat is open whenever the service is open.
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
    """Returns a text for new callers: that the line is closed, and when it opens; that it is full or no
    counsellor is there; or that it is open, and how long the wait is."""
    read = words or of_everybody(language)
    if not found.open:
        return _coming(found.opens, language, read) if found.opens else read[f"caller.lines.{found.state}"]
    if found.full or language in found.unspoken:
        return read[f"caller.start.{'full' if found.full else 'nobody'}"]
    here = read["caller.start.open"]
    if not found.minutes:
        return here
    low, high = found.minutes
    return f"{here}. " + read[f"caller.waiting.{'minutes' if low else 'soon'}"].format(low=low, high=high)


def _coming(opens: datetime, language: str, read: Mapping[str, str]) -> str:
    """Returns a sentence with the time at which the line opens, in the helpline's time zone: today, tomorrow
    or on a date."""
    at = timezone.localtime(opens)
    ahead = (at.date() - timezone.localdate(clock.now())).days
    near = {0: "today", 1: "tomorrow"}.get(ahead)
    if near:
        return read[f"caller.lines.opens.{near}"].format(time=f"{at:%H:%M}")
    with translation.override(language):
        return f"{read['caller.lines.opens']} {date_format(at, read['caller.date.moment'])}"


def numbers(line: Line | None, words: Mapping[str, str]) -> list[Contact]:
    """Returns the telephone numbers that every screen shows."""
    made = templates.read(line.template) if line else None
    chats = made.chats if made else ANYWHERE_CHATS
    found = _contacts(made.numbers if made else ANYWHERE, line, words)
    return [replace(one, chat=one.site) if one.service in chats else one for one in found]


def urgent(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns the services that a caller should call at once in an emergency."""
    return _contacts(templates.read(line.template).urgent, line, words)


def pictures(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns the sites that help to have intimate pictures removed."""
    return _contacts(templates.read(line.template).pictures, line, words)


def links(line: Line, words: Mapping[str, str]) -> list[Contact]:
    """Returns the sites to which the guide links (`guide_page` in views/lines.py)."""
    return _contacts(templates.read(line.template).links, line, words)


def to_do_now(line: Line, words: Mapping[str, str]) -> list[str]:
    many = templates.read(line.template).now
    return [words[f"caller.now.{number}"] for number in range(1, many + 1)]


def questions(line: Line, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Returns the questions of the situation check, in the same form as in `edited`."""
    asked = enumerate(templates.read(line.template).questions, 1)
    return [
        _question(words[f"caller.asks.{n}"], [tip - 1 for tip in one.tips], one.danger) for n, one in asked
    ]


def _question(asks: str, tips: Sequence[int], danger: bool) -> dict[str, Any]:
    return {"asks": asks, "tips": list(tips), "danger": danger}


def guide(words: Mapping[str, str]) -> list[Section]:
    """Returns the sections of the line's guide. Depending on the line, the guide is for parents or explains
    what is confidential."""
    found = []
    for number in itertools.takewhile(lambda one: f"caller.guide.{one}.title" in words, itertools.count(1)):
        said = itertools.takewhile(
            words.__contains__, (f"caller.guide.{number}.{one}" for one in itertools.count(1))
        )
        found.append(Section(words[f"caller.guide.{number}.title"], [words[key] for key in said]))
    return found


def sources(line: Line, language: str) -> dict[str, str]:
    """Returns the names of the sources with which this release's texts were compared, and the date of that
    comparison."""
    made = templates.read(line.template)
    names = [_directory()[slug]["name"] for slug in made.sources]
    return {"names": ", ".join(names), "checked": day(made.checked, language)}


def day(when: date, language: str) -> str:
    """Formats a date in this language. For a datetime, it is the date in the helpline's time zone."""
    with translation.override(language):
        shape = languages.texts("caller", language)["caller.date.day"]
        return date_format(timezone.localtime(when) if isinstance(when, datetime) else when, shape)


def edited(line: Line, *, now: datetime) -> dict[str, Any] | None:
    """Returns, by language, the texts and numbers that replace those of the release, or None if nothing is
    replaced. A language is left out if one of its texts is missing."""
    standing = editions.in_force(line, now=now)
    if standing is not None:
        wording, since = standing
        phones = editions.phones(line)
    elif changed := _changed_numbers(line):
        wording, since = editions.of_release(line), None
        phones = changed
    else:
        return None
    there = [one for one in wording.numbers if phones.get(one.service)]  # without services that have ended

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
            "questions": [_question(one.asks[language], one.tips, one.danger) for one in wording.questions],
            "changed": day(since, language) if since else "",
            "numbers": calls((one for one in there if one.always), language),
            "urgent": calls((one for one in there if one.acute), language),
        }
        for language in editions.languages_of(wording)
    }


def _changed_numbers(line: Line) -> dict[str, str]:
    """Returns the current telephone numbers of the line's page by service, or {} if they are the same as in
    the release. The number of an ended service is "". Without this function, callers would still be shown a
    number that supervisors have changed."""
    made = templates.read(line.template)
    slugs = {*made.numbers, *made.urgent} - {editions.OWN}
    of_release = {slug: _directory()[slug]["phone"] or "" for slug in slugs}
    stored = Service.objects.filter(pk__in=slugs).values_list("pk", "phone", "ended_at")
    present = of_release | {slug: "" if ended else phone for slug, phone, ended in stored}
    return {} if present == of_release else {editions.OWN: line.phone, **present}


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
    """Returns the directory of this release, not the one in the database, so that a change in the database
    does not change the bytes of a page."""
    return {row["slug"]: row for row in json.loads(DIRECTORY.read_text())}
