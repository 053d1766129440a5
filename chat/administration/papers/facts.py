"""Collects the values that the papers take from the installation itself: lines, spans of time, rights, apps,
kinds of data."""

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.utils.formats import date_format

from chat.administration.papers import answers, spans
from chat.figures.small_numbers import MIN_COUNT
from chat.lines import stays
from chat.models import Line, Service
from chat.protocol.fields import HoldReason
from counsellors import organisation, permissions
from counsellors.models import Role
from helpline import __version__, keeping, languages
from helpline.lib import clock

ROLES = (Role.Name.COUNSELLOR, Role.Name.SUPERVISOR, Role.Name.PARTNER, Role.Name.ADMINISTRATOR)
# The rights (keys of permissions.MAY) to read data about a person, or to decide about a person.
RIGHTS = ("next", "note", "listen", "review", "care", "figures", "devices", "people", "rota", "admin")


def of_installation(given: Mapping[str, answers.Answer], language: str) -> dict[str, Any]:
    """Returns all variables that a template may use. `language` must be the active language."""
    texts = languages.texts(answers.TEXTS, language)
    span = {name: spans.told(length, texts) for name, length in spans.all_of().items()}
    return {
        "organisation": organisation.given_name() or f"⟨{texts['blank.organisation']}⟩",
        "answer": answers.in_language(given, language),
        "basis": given.get("basis"),
        "exception": given.get("exception"),
        "lines": [_line(line, texts) for line in Line.objects.offered().order_by("name")],
        "span": span,
        "hold_reasons": texts["or"].join(texts[f"hold.{code}"] for code in get_args(HoldReason.__value__)),
        "kinds": _kinds(texts, span),
        "rights": [row for right in RIGHTS if (row := _right(right, texts))],
        "apps": settings.OPTIONAL_APPS,
        "backups": settings.BACKUP_FOLDER is not None,
        "mail": settings.MAIL_HOST or "",
        "neutral": urlsplit(settings.NEUTRAL_SITE).hostname or "",
        "desks": ", ".join(Service.objects.filter(desk=True, ended_at=None).values_list("name", flat=True)),
        "languages": ", ".join(languages.name(code) for code in languages.codes()),
        "least": MIN_COUNT,
        "today": date_format(clock.now(), "j F Y"),
        "version": __version__,
    }


def _line(line: Line, texts: Mapping[str, str]) -> dict[str, Any]:
    kept = texts["line.kept"].format(span=spans.told(line.retention, texts))
    return {
        "name": line.name,
        "kept": kept if line.retention else texts["line.at_once"],
        "longest": spans.told(stays.longest(line.retention), texts),
        "review": line.review_key is not None,
        "two": line.review_needs_two,
        "letters": line.letters != Line.Letters.NEVER,
        "letter": spans.told(line.letters_last, texts),
        "cases": line.cases,
    }


def _kinds(texts: Mapping[str, str], span: Mapping[str, str]) -> list[dict[str, Any]]:
    """Returns the kinds of personal data for which an installed app has a model."""
    ours = {f"{app.label}.{model.__name__}" for app in apps.get_app_configs() for model in app.get_models()}
    return [
        {
            "name": name,
            "whose": kind.whose,
            "models": " ".join(sorted(kind.models & ours)),
            "source": texts[f"kind.{name}.source"],
            "data": texts[f"kind.{name}.data"],
            "kept": texts[f"kind.{name}.kept"].format(**span),
            **{who: _as_told_to(who, name, texts, span) for who in kind.whose},
        }
        for name, kind in keeping.kinds().items()
        if kind.whose and not kind.models.isdisjoint(ours)
    ]


def _as_told_to(who: str, name: str, texts: Mapping[str, str], span: Mapping[str, str]) -> dict[str, str]:
    """Returns two texts about a kind of data for the statement to `who`: what the data are, and how long they
    are kept. If a text for `who` is missing, returns the register's text instead."""
    data, kept = f"kind.{name}.data", f"kind.{name}.kept"
    return {
        "data": texts.get(f"{data}.{who}", texts[data]),
        "kept": texts.get(f"{kept}.{who}", texts[kept]).format(**span),
    }


def _right(right: str, texts: Mapping[str, str]) -> dict[str, Any] | None:
    """Returns the right's description and, for each role, whether it has the right. Returns None if the right
    belongs to an app that is not installed."""
    if right == "rota" and "planning" not in settings.OPTIONAL_APPS:
        return None
    held = permissions.MAY[right]
    return {
        "what": texts[f"right.{right}"],
        "roles": [texts["yes"] if role in held else "–" for role in ROLES],
    }
