"""Every text that a person reads stands in the catalogues, in both languages."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chat.figures.codes import CODES
from chat.lines import sentences, templates

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "helpline" / "locale"
DOMAINS = ("django", "caller", "console", "board")
IN_CODE = {
    "caller": re.compile(r"""["'`](caller\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
    "board": re.compile(r"""["'`](board\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
    "console": re.compile(r"""["'`](console\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
}

TEMPLATES = [
    path for folder in ("chat", "counsellors") for path in (ROOT / folder / "templates").rglob("*.html")
]
# The accessible name of a button, and the key, or the two, of what it shows.
NAMED = re.compile(
    r"""aria-label=\$\{t\("(?P<name>[\w.]+)"(?:(?!<button|<a ).)*?"""
    r""">\s*\$\{t\((?P<shown>[^`<>]*?)\)\}\s*</(?:button|a)>""",
    re.DOTALL,
)

# What each kind of line says in its own words, and no other sentence stands in for.
OF_LINES = {key for name in templates.names() for key in sentences.own(name, "nl")}


def catalogue(domain: str, language: str) -> dict[str, str]:
    path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return {str(row.id): str(row.string) for row in read_po(file, locale=language) if row.id}


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_are_complete(domain: str) -> None:
    dutch, english = catalogue(domain, "nl"), catalogue(domain, "en")
    assert set(dutch) == set(english)
    for texts in (dutch, english):
        assert not [key for key, text in texts.items() if not text.strip()]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_key_stands_twice_so_that_the_later_text_would_win(domain: str, language: str) -> None:
    text = (LOCALE / language / "LC_MESSAGES" / f"{domain}.po").read_text()
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_text_has_the_same_blanks_in_both_languages(domain: str) -> None:
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    dutch, english = catalogue(domain, "nl"), catalogue(domain, "en")
    assert [key for key in dutch if blanks(dutch[key]) != blanks(english[key])] == []


@pytest.mark.parametrize("domain", list(IN_CODE))
def test_every_key_in_the_code_has_a_text(domain: str) -> None:
    texts = catalogue(domain, "nl")
    for path in (ROOT / "frontend" / domain).rglob("*.js"):
        for key in set(IN_CODE[domain].findall(path.read_text())) - OF_LINES:
            begun = any(known.startswith((f"{key}.", f"{key}_")) for known in texts)  # a key put together
            assert key in texts or begun, (path.name, key)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_speaks_to_the_page_can_say_what_a_button_shows(language: str) -> None:
    """WCAG 2.5.3: what stands on it is part of its name."""
    texts = catalogue("console", language) | catalogue("board", language)
    wrong = [
        (path.name, key, found["name"])
        for page in ("console", "board", "staff")
        for path in (ROOT / "frontend" / page).rglob("*.js")
        for found in NAMED.finditer(path.read_text())
        for key in re.findall(r'"([\w.]+)"', found["shown"])
        if texts[key].lower() not in texts[found["name"]].lower()
    ]
    assert wrong == []


def test_every_code_of_the_form_after_a_conversation_has_a_text() -> None:
    console, board = catalogue("console", "nl"), catalogue("board", "nl")
    for name, codes in CODES.items():
        assert {f"console.wrapup.{name}.{code}" for code in codes} <= set(console)
    for name in CODES:
        assert {f"board.figures.{name}.{code}" for code in CODES[name]} <= set(board)


def test_one_thing_has_one_name() -> None:
    """Those who ask for help, the place of another service, an answer of the form, the highest urgency."""
    for domain in DOMAINS:
        for key, text in catalogue(domain, "nl").items():
            assert not re.search(r"\b(bellers?|bureaus?)\b", text, re.IGNORECASE), key
    for language in ("nl", "en"):
        console, board = catalogue("console", language), catalogue("board", language)
        assert console["console.urgency.2"] == console["console.flag.2"] == board["board.mark.acute"]
        for code in CODES["weight"]:
            assert console[f"console.wrapup.weight.{code}"] == board[f"board.figures.weight.{code}"]


def test_every_key_in_a_template_has_a_text() -> None:
    texts = catalogue("django", "nl")
    for path in TEMPLATES:
        for key in re.findall(r"""{%\s*(?:translate|say)\s+["']([^"']+)["']""", path.read_text()):
            assert key in texts or key.startswith("caller."), (path.name, key)


@pytest.mark.parametrize("template", templates.names())
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_line_says_what_a_caller_s_page_asks_of_it(template: str, language: str) -> None:
    said = sentences.of_template(template, language, formal=templates.read(template).formal)
    asked = {
        key
        for path in TEMPLATES
        for key in re.findall(r"""{%\s*say\s+["'](caller\.[^"']+)""", path.read_text())
    }
    for path in (ROOT / "frontend" / "caller").rglob("*.js"):
        asked |= set(IN_CODE["caller"].findall(path.read_text()))
    if not templates.read(template).notice:  # nothing of it is on its page
        asked -= {key for key in asked if key.startswith("caller.notice.")}
        assert not [key for key in said if key.startswith("caller.notice.")]
    missing = {key for key in asked - said.keys() if not any(known.startswith(f"{key}.") for known in said)}
    assert missing == set()


@pytest.mark.parametrize("domain", ["caller", "django"])
def test_the_words_for_callers_hold_no_exclamation_mark(domain: str) -> None:
    for language in ("nl", "en"):
        assert [key for key, text in catalogue(domain, language).items() if "!" in text] == []
