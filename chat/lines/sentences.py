"""Reads the release's sentences for a line's callers: the common sentences, and the sentences of the line's
template, which replace common sentences of the same name.

Callers of a line never read sentences of a template other than the line's own.
"""

import functools
from collections.abc import Mapping

from chat.models import Line
from helpline import languages

OF_CALLERS = "caller."


@functools.cache
def of_everybody(language: str) -> Mapping[str, str]:
    return languages.addressed(languages.texts("caller", language), formal=False)


@functools.cache
def of_template(name: str, language: str, *, formal: bool) -> Mapping[str, str]:
    return languages.addressed({**languages.texts("caller", language), **own(name, language)}, formal=formal)


def own(name: str, language: str) -> dict[str, str]:
    """Returns the sentences for callers that belong to the template `name`, or {} if the template has none in
    this language."""
    found = languages.texts(file_of(name), language)
    return {key: text for key, text in found.items() if key.startswith(OF_CALLERS)}


def of_line(line: Line, language: str) -> Mapping[str, str]:
    return of_template(line.template, language, formal=line.formal)


def speaks(line: Line, language: str) -> bool:
    """Returns whether the line's page exists in this language."""
    return bool(own(line.template, language))


def file_of(template: str) -> str:
    """Returns the name of a template's file in each language's folder."""
    return f"lines/{template}"
