"""The release's sentences for a line's callers: the catalogue's, overridden by its template's.

Nothing of one template reaches the callers of a line that was made from another one.
"""

import functools
from collections.abc import Mapping

import msgspec

from chat.lines import templates
from chat.models import Line
from helpline.frontend import catalogue

FORMAL = ".formal"
LANGUAGES = ("nl", "en")


@functools.cache
def of_everybody(language: str) -> Mapping[str, str]:
    return _addressed(_read(catalogue("caller", language)), formal=False)


@functools.cache
def of_template(name: str, language: str, *, formal: bool) -> Mapping[str, str]:
    return {**_addressed(_read(catalogue("caller", language)), formal=formal), **own(name, language)}


def own(name: str, language: str) -> dict[str, str]:
    """Returns the template's own sentences."""
    return _read((templates.FOLDER / name / f"texts.{language}.json").read_text())


def of_line(line: Line, language: str) -> Mapping[str, str]:
    return of_template(line.template, language, formal=line.formal)


def _read(text: str) -> dict[str, str]:
    return msgspec.json.decode(text, type=dict[str, str])


def _addressed(texts: Mapping[str, str], *, formal: bool) -> dict[str, str]:
    """Chooses `je` or `u`: each sentence once."""
    return {
        key: texts.get(key + FORMAL, text) if formal else text
        for key, text in texts.items()
        if not key.endswith(FORMAL)
    }
