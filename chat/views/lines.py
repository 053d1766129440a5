"""Serves the pages for callers, and what they show of a line. They use no session and no cookie."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from chat.handoff import directory, services
from chat.letters import conditions
from chat.lines import addresses, open_now, sentences, templates, texts
from chat.models import Line
from chat.queue import availability
from chat.views import page_texts
from counsellors.certificates import roots
from helpline import compression, languages
from helpline.frontend import release
from helpline.lib import clock, scopes
from helpline.lib.errors import UnknownLine

AGES = ("<12", "12-15", "16-17", "18-25", "26+")
# The page's HTML already has these texts. The others are sent to its modules.
IN_PAGES = tuple(
    f"caller.{part}"
    for part in (
        "language.",
        "date.",
        "number.",
        "lines.",
        "now.",
        "asks.",
        "guide.",
        "nowhere.",
        "lost.",
        "noscript.",
        "promise.exit.host",
    )
)
UNLISTED = "caller.unlisted"  # only a page that lets nobody in needs these texts
GUIDE = "meer"  # "more": the address in a browser's history must reveal nothing
OF_LEAVING = ("caller.exit", "caller.leaving")


@dataclass(frozen=True, slots=True)
class Row:
    """Describes a line in the list of all lines. `is_for` says, in the line's own texts, for whom it is.

    The page's script asks which lines are open now.
    """

    line: Line
    address: str
    is_for: str


@compression.public
@require_GET
@scopes.public
def lines_page(request: HttpRequest, language: str) -> HttpResponse:
    """Shows all lines that have not ended, open or closed, and phone numbers. On a line's own host it shows
    that line's page."""
    own = addresses.line_of_host(request.get_host())
    if own is not None:
        return _page_of(request, language, own, "") if sentences.speaks(own, language) else nowhere(request)
    rows = [
        Row(line, f"/{language}/{line.path}/", sentences.of_line(line, language)["caller.lines.for"])
        for line in Line.objects.offered().order_by("name")
        if sentences.speaks(line, language)
    ]
    return _plain(request, "lines", language, rows=rows)


@compression.public
@require_GET
@scopes.public
def caller_page(request: HttpRequest, language: str, line: str) -> HttpResponse:
    found = _by_path(request, line, language)
    if found is None:
        return nowhere(request)
    return _page_of(request, language, found, line)


@compression.public
@require_GET
@scopes.public
def guide_page(request: HttpRequest, language: str, line: str) -> HttpResponse:
    """Shows the page to read first, for a person who comes for somebody else or asks what is confidential."""
    found = _by_path(request, line, language)
    if found is None:
        return nowhere(request)
    read = sentences.of_line(found, language)
    return _plain(
        request,
        "guide",
        language,
        line=found,
        rest=f"{found.path}/{GUIDE}/",
        guide=page_texts.guide(read),
        links=page_texts.links(found, read),
        sources=page_texts.sources(found, language),
    )


def _by_path(request: HttpRequest, path: str, language: str) -> Line | None:
    """Returns the line with this path. Returns None if the host is another line's own, or if the line does
    not have the language."""
    found, own = Line.objects.real().filter(path=path).first(), addresses.line_of_host(request.get_host())
    is_here = found is not None and own in (None, found) and sentences.speaks(found, language)
    return found if is_here else None


def _page_of(request: HttpRequest, language: str, found: Line, path: str) -> HttpResponse:
    """Returns the caller's page. It has the same bytes for everybody, and no browser may store them on the
    disk.

    `path` is the path that was asked for, or "" for the first page of the line's own host.
    """
    read, made = sentences.of_line(found, language), templates.read(found.template)
    certified = _certified(request, found, path)
    apart = (*IN_PAGES, UNLISTED) if certified else IN_PAGES
    facts = _facts(language, read, found, f"{path}/" if path else "") | {
        "line": found,
        "certified": certified,
        "roots": roots.metas(),
        "own_host": not path,
        "look": made.look,
        "texts": _as_json({key: text for key, text in read.items() if not key.startswith(apart)}),
        "numbers": page_texts.numbers(found, read),
        "urgent": page_texts.urgent(found, read),
        "pictures": page_texts.pictures(found, read),
        "now": page_texts.to_do_now(found, read),
        "questions": json.dumps(page_texts.questions(found, read), ensure_ascii=False),
        "sources": page_texts.sources(found, language),
        "notice": made.notice,
        "asks": made.asks,
        "ages": [
            (band, read[f"caller.intake.age.{number}"])
            for number, band in enumerate(AGES)
            if band in made.ages
        ],
    }
    return _rendered(request, "caller", language, facts)


def _certified(request: HttpRequest, found: Line, path: str) -> str:
    """Returns the line for which the page's browser checks certificates. If there are roots, it is the line
    that their file names, not one that the database alone names.

    It is "" if file and database differ. Otherwise an attacker who swaps two rows would send the callers of a
    URL to the people of the other line, whose certificates are valid.
    """
    listed = roots.line_of_page(addresses.name_of(request.get_host()), path)
    if listed is None:
        return found.pk
    return listed if listed == found.pk else ""


@require_GET
@scopes.public
def line_state(_request: HttpRequest, line: str) -> JsonResponse:
    """Returns what the page shows before the first message and while the line is closed. Raises Http404 for
    an unknown line."""
    try:
        found = open_now.find(line)
    except UnknownLine:
        raise Http404 from None
    now = clock.now()
    promise = conditions.promise_or_none(found, now=now)
    state, rows = availability.look(found, now=now), directory.of_line(found, now=now)
    response = JsonResponse(
        {
            "letters": _letters(found, promise) if promise else None,
            "cases": found.cases,
            "open": state.open,
            "ended": state.ended,
            "opens": clock.stamp(state.opens) if state.opens else None,
            "full": state.full,
            "minutes": state.minutes,
            "says": {
                code: page_texts.availability(state, code)
                for code in languages.codes()
                if sentences.speaks(found, code)
            },
            "texts": texts.of_line(found),
            "edited": page_texts.edited(found, now=now),
            "services": _services(found, rows),
            "hours": _hours(found, rows, now),
        }
    )
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"  # public, and the organisation's own site shows it
    return response


def away(request: HttpRequest) -> HttpResponse:
    """Shows phone numbers after a failure, most likely of the database, which it does not use."""
    return _plain(request, "away", _language_of(request), status=503)


def down() -> bytes:
    """Returns phone numbers in every language as one file, which a proxy shows while no process answers."""
    read = sentences.of_everybody(settings.LANGUAGE_CODE)
    others = _in_other_languages(settings.LANGUAGE_CODE)
    says = {code: [one.says for one in page_texts.numbers(None, words)] for code, words in others.items()}
    facts = _facts_of_plain(settings.LANGUAGE_CODE, read) | {
        "others": [],  # the page is in every language
        "words_of": others,
        "numbers": [
            (one, [(code, texts[place]) for code, texts in says.items()])
            for place, one in enumerate(page_texts.numbers(None, read))
        ],
    }
    return render_to_string("chat/down.html", facts).encode()


def nowhere(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 – Django's
    """Answers every unknown path with the same page: phone numbers, the quick exit and a link to the
    lines."""
    language = settings.LANGUAGE_CODE
    return _plain(request, "nowhere", language, status=404, words_of=_in_other_languages(language))


def _plain(
    request: HttpRequest,
    name: str,
    language: str,
    *,
    line: Line | None = None,
    rest: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Renders a page without a conversation."""
    read = sentences.of_line(line, language) if line else sentences.of_everybody(language)
    facts = _facts_of_plain(language, read, line, rest) | {
        "line": line,
        "look": templates.read(line.template).look if line else "",
        "numbers": page_texts.numbers(line, read),
    }
    return _rendered(request, name, language, facts | more, status=status)


def _facts_of_plain(
    language: str, read: Mapping[str, str], line: Line | None = None, rest: str = ""
) -> dict[str, Any]:
    leaving = {key: text for key, text in read.items() if key.startswith(OF_LEAVING)}
    return _facts(language, read, line, rest) | {"texts": _as_json(leaving)}


def _facts(language: str, read: Mapping[str, str], line: Line | None, rest: str) -> dict[str, Any]:
    """Returns the context that every page needs. `rest` is the page's path after the language."""
    others = (code for code in languages.codes() if code != language)
    return {
        "release": release(),
        "language": language,
        "rtl": languages.is_right_to_left(language),
        "others": [
            (code, languages.name(code), f"/{code}/{rest}")
            for code in others
            if line is None or sentences.speaks(line, code)
        ],
        "neutral_site": settings.NEUTRAL_SITE,
        "words": read,
    }


def _rendered(
    request: HttpRequest, name: str, language: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Renders a page that no browser may store on the disk, since it names lines."""
    with translation.override(language):  # dates are formatted in this language
        response = render(request, f"chat/{name}.html", facts, status=status)
    patch_cache_control(response, no_store=True)
    return response


def _as_json(texts: Mapping[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _language_of(request: HttpRequest) -> str:
    begins = request.path.split("/")[1]
    return begins if begins in languages.codes() else settings.LANGUAGE_CODE


def _in_other_languages(language: str) -> dict[str, Mapping[str, str]]:
    return {code: sentences.of_everybody(code) for code in languages.codes() if code != language}


def _letters(line: Line, promise: conditions.Promise) -> dict[str, str]:
    """Returns by when a letter that is sent now is answered, and until when it is kept at most."""
    return {"due": clock.stamp(promise.due), "until": clock.stamp(promise.ends + line.retention)}


def _services(line: Line, rows: list[directory.Listed]) -> list[dict[str, Any]]:
    """Returns the line's services, urgent help first."""
    return [_of_service(line, row) for row in sorted(rows, key=lambda row: row.service.pk != "112")]


def _hours(line: Line, rows: list[directory.Listed], now: datetime) -> dict[str, dict[str, Any]]:
    """Returns for the line and each of its services whether it is open now (null if unknown), and when that
    changes next."""

    def told(is_open: bool | None, changes: datetime | None) -> dict[str, Any]:
        return {"open": is_open, "changes": clock.stamp(changes) if changes else None}

    own = told(open_now.opening(line, now=now).open, open_now.next_change(line, now=now))
    others = {row.service.pk: told(row.open, directory.next_change(row, now=now)) for row in rows}
    return {"line": own, **others}


def _of_service(line: Line, row: directory.Listed) -> dict[str, Any]:
    service = row.service
    return {
        "service": service.pk,
        "name": service.name,
        "purpose": services.words_for_callers(service, line),
        "phone": service.phone,
        "chat": service.chat,
        "site": service.site,
        "free": service.free,
        "open": row.open,
    }
