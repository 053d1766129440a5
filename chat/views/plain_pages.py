"""Renders pages that need no session and no cookie, including the pages that are shown after a failure."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control

from chat.lines import sentences, templates
from chat.models import Line
from chat.views import page_texts
from helpline import languages
from helpline.frontend import release

OF_LEAVING = ("caller.exit", "caller.leaving")


def away(request: HttpRequest) -> HttpResponse:
    """Shows phone numbers after a failure. Most likely the database has failed, so this page does not use the
    database."""
    return plain(request, "away", _language_of(request), status=503)


def down() -> bytes:
    """Returns the bytes of a page with phone numbers and texts in every language. A proxy shows it while no
    process answers."""
    read = sentences.of_everybody(settings.LANGUAGE_CODE)
    others = _in_other_languages(settings.LANGUAGE_CODE)
    says = {code: [one.says for one in page_texts.numbers(None, words)] for code, words in others.items()}
    facts = _plain_context(settings.LANGUAGE_CODE, read) | {
        "others": [],  # the page is in every language
        "words_of": others,
        "numbers": [
            (one, [(code, texts[place]) for code, texts in says.items()])
            for place, one in enumerate(page_texts.numbers(None, read))
        ],
    }
    return render_to_string("chat/down.html", facts).encode()


def nowhere(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 – Django passes it
    """Shows the same page for every unknown path: phone numbers, the quick exit and a link to the lines."""
    language = settings.LANGUAGE_CODE
    return plain(request, "nowhere", language, status=404, words_of=_in_other_languages(language))


def plain(
    request: HttpRequest,
    name: str,
    language: str,
    *,
    line: Line | None = None,
    rest: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Renders a page on which no conversation can be held."""
    read = sentences.of_line(line, language) if line else sentences.of_everybody(language)
    facts = _plain_context(language, read, line, rest) | {
        "line": line,
        "look": templates.read(line.template).look if line else "",
        "numbers": page_texts.numbers(line, read),
    }
    return rendered(request, name, language, facts | more, status=status)


def _plain_context(
    language: str, read: Mapping[str, str], line: Line | None = None, rest: str = ""
) -> dict[str, Any]:
    leaving = {key: text for key, text in read.items() if key.startswith(OF_LEAVING)}
    return base_context(language, read, line, rest) | {"texts": as_json(leaving)}


def base_context(language: str, read: Mapping[str, str], line: Line | None, rest: str) -> dict[str, Any]:
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


def rendered(
    request: HttpRequest, name: str, language: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Renders a page. Its headers forbid browsers to store the page on disk, because the page names lines."""
    with translation.override(language):  # dates are formatted in this language
        response = render(request, f"chat/{name}.html", facts, status=status)
    patch_cache_control(response, no_store=True)
    return response


def as_json(texts: Mapping[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _language_of(request: HttpRequest) -> str:
    begins = request.path.split("/")[1]
    return begins if begins in languages.codes() else settings.LANGUAGE_CODE


def _in_other_languages(language: str) -> dict[str, Mapping[str, str]]:
    return {code: sentences.of_everybody(code) for code in languages.codes() if code != language}
