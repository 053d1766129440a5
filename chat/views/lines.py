"""Serves the pages for callers. They use no session and no cookie."""

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chat.lines import addresses, sentences, templates
from chat.models import Line
from chat.views import page_texts
from chat.views.plain_pages import as_json, base_context, nowhere, plain, rendered
from counsellors.certificates import roots
from helpline import compression
from helpline.lib import scopes

AGES = ("<12", "12-15", "16-17", "18-25", "26+")
# These texts are in the HTML of the page. All other texts are sent to the page's scripts.
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
        *(f"start.{one}" for one in ("title", "for", "who", "button", "pause", "looking", "late")),
        *(f"promise.{one}" for one in ("anonymous", "limit", "who", "kept.title", "review", "more")),
        *(f"promise.{one}" for one in ("readers", "device", "exit", "pictures")),
        *(f"intake.{one}" for one in ("title", "lead", "age", "topic", "nickname")),
        *(f"urgency.{one}" for one in ("title", "soon", "danger", "chat")),
    )
)
UNLISTED = "caller.unlisted"  # for a page on which no conversation can start, see _certified
GUIDE = "meer"  # Dutch for "more": the address in a browser's history must reveal nothing


@dataclass(frozen=True, slots=True)
class Row:
    """Describes a line in the list of all lines. `is_for` is the line's own text on who it is for.

    Whether a line is open now is not in the row: the page's script requests it.
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
    return plain(request, "lines", language, rows=rows)


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
    """Shows the guide. It is for people who are worried about somebody else, or who want to know first what
    is confidential."""
    found = _by_path(request, line, language)
    if found is None:
        return nowhere(request)
    read = sentences.of_line(found, language)
    return plain(
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
    """Returns the line with this path. Returns None if there is none, if the host belongs to another line, or
    if the line's page does not exist in this language."""
    found, own = Line.objects.real().filter(path=path).first(), addresses.line_of_host(request.get_host())
    is_here = found is not None and own in (None, found) and sentences.speaks(found, language)
    return found if is_here else None


def _page_of(request: HttpRequest, language: str, found: Line, path: str) -> HttpResponse:
    """Returns the caller's page. The page has the same bytes for everybody, and no browser may store it on
    disk.

    `path` is the requested path, or "" for the first page of the line's own host.
    """
    read, made = sentences.of_line(found, language), templates.read(found.template)
    certified = _certified(request, found, path)
    apart = (*IN_PAGES, UNLISTED) if certified else IN_PAGES
    facts = base_context(language, read, found, f"{path}/" if path else "") | {
        "line": found,
        "certified": certified,
        "roots": roots.metas(),
        "own_host": not path,
        "look": made.look,
        "texts": as_json({key: text for key, text in read.items() if not key.startswith(apart)}),
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
    return rendered(request, "caller", language, facts)


def _certified(request: HttpRequest, found: Line, path: str) -> str:
    """Returns the slug of the line whose certificates the browser has to check on this page. If the
    organisation has roots, the file with the roots also lists the line of each page. Returns "" if that file
    and the database have different lines for this page.

    Without this comparison, an attacker who swaps two lines in the database could send the callers of one URL
    to the people of the other line, whose certificates are valid.
    """
    listed = roots.line_of_page(addresses.name_of(request.get_host()), path)
    if listed is None:
        return found.pk
    return listed if listed == found.pk else ""
