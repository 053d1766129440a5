"""Reads the organisation's answers to a few questions about itself from a TOML file (HELPLINE_PAPERS).

An answer is one text, or a table with a text for each language. In place of a missing answer, a paper
contains a placeholder between ⟨ and ⟩.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from helpline.languages import texts

type Answer = str | dict[str, str]

TEXTS = "papers/texts"
QUESTIONS = (
    "address",
    "contact",
    "officer",
    "basis",
    "exception",
    "law",
    "processors",
    "transfers",
    "logs",
    "council",
)
# The answer to each of these questions is a code, which selects one of the texts in the papers.
CHOICES = {"basis": ("e", "f"), "exception": ("g", "h")}
NEED_A_LAW = (("basis", "e"), ("exception", "g"))


class NotReadable(Exception):
    """The file of the organisation's answers cannot be read."""


def read(path: Path) -> dict[str, Answer]:
    """Returns the answers in the file, or {} if there is no file. Raises NotReadable with a sentence for the
    person who wrote the file."""
    try:
        found = tomllib.loads(path.read_text()) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise NotReadable(f"{path} cannot be read: {error}") from error
    for name, answer in found.items():
        if name not in QUESTIONS:
            raise NotReadable(f"{path}: {name} is no question; the questions are {', '.join(QUESTIONS)}")
        if not (isinstance(answer, str) or _is_by_language(answer)):
            raise NotReadable(f"{path}: {name} must be a text, or a table with a text for each language")
        if name in CHOICES and answer and answer not in CHOICES[name]:
            raise NotReadable(f"{path}: {name} must be one of {', '.join(CHOICES[name])}")
    return {name: answer for name, answer in found.items() if answer}


def unanswered(given: Mapping[str, Answer]) -> list[str]:
    """Returns the questions that still need an answer. The question about a law needs an answer only if
    another answer relies on a law (NEED_A_LAW)."""
    on_law = any(given.get(name) == choice for name, choice in NEED_A_LAW)
    return [name for name in QUESTIONS if name not in given and (name != "law" or on_law)]


def in_language(given: Mapping[str, Answer], language: str) -> dict[str, str]:
    """Returns every answer in this language. A missing answer is replaced by a placeholder between ⟨ and
    ⟩."""
    known = texts(TEXTS, language)
    blank = {name: f"⟨{known[f'blank.{name}']}⟩" for name in QUESTIONS}
    said = {
        name: answer if isinstance(answer, str) else answer.get(language, blank[name])
        for name, answer in given.items()
    }
    return blank | {name: text.strip() for name, text in said.items()}


def form(language: str) -> str:
    """Returns the text of a new answers file: every question as a comment, and no answers."""
    known = texts(TEXTS, language)
    parts = [f"# {known['form']}"]
    parts += [f'# {known[f"ask.{name}"]}\n{name} = ""' for name in QUESTIONS]
    return "\n\n".join(parts) + "\n"


def _is_by_language(answer: object) -> bool:
    return isinstance(answer, dict) and all(isinstance(text, str) for text in answer.values())
