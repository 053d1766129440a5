"""What callers read stays at level B1: short sentences and known words, with no exception so far."""

import re
from collections.abc import Iterator

import pytest

from chat.lines import sentences, templates

LONGEST, MEAN = 15, 8  # words of a sentence
TOO_HARD = {
    "nl": (
        "versleutel",
        "op zijn vroegst",
        "vervallen",
        "desgewenst",
        "indien",
        "middels",
        "reeds",
        "inzake",
        "reservekopie",
        "ligt op slot",
        "uiterlijk",
        "ten hoogste",
        "samenvatting",
        "leidinggevende",
        "te goeder trouw",
        "digital services act",
        "meldformulier",
        "ingetrokken",
        "aangifte",
        "nagekeken",
    ),
    "en": ("encrypted", "whom", "seek", "sealed", "pursuant", "therefore", "regarding", "commence"),
}


def said(language: str) -> Iterator[tuple[str, str]]:
    for name in templates.names():
        yield from sentences.of_template(name, language, formal=templates.read(name).formal).items()


def sentences_of(text: str) -> list[list[str]]:
    parts = re.split(r"(?<=[.?!:])\s+", text)
    return [found for part in parts if (found := [word for word in part.split() if re.search(r"\w", word)])]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sentence_is_long_and_most_are_short(language: str) -> None:
    lengths = [(len(sentence), key) for key, text in said(language) for sentence in sentences_of(text)]
    assert [row for row in lengths if row[0] > LONGEST] == []
    assert sum(length for length, _ in lengths) / len(lengths) <= MEAN


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_word_is_hard(language: str) -> None:
    found = {
        (key, word) for key, text in said(language) for word in TOO_HARD[language] if word in text.lower()
    }
    assert found == set()
