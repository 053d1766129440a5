"""Every text that a person reads is in the catalogues, in each language."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chat.figures.codes import CODES
from chat.lines import sentences, templates
from helpline import languages

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "helpline" / "locale"
TEMPLATE_FILES = tuple(sentences.file_of(name) for name in templates.names())
APPS = ("planning/board", "reports/board", "practice/console")
DOMAINS = (
    "django",
    "caller",
    "console",
    "board",
    "staff",
    "services",
    "papers/texts",
    *APPS,
    *TEMPLATE_FILES,
)
OURS = ("nl", "en")
IN_CODE = {
    "caller": re.compile(r"""["'`](caller\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
    "board": re.compile(r"""["'`](board\.(?!js["'`])[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
    "console": re.compile(r"""["'`](console\.(?!js["'`])[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
    "staff": re.compile(r"""["'`]((?:staff|form)\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])["'`]"""),
}

TEMPLATES = [
    path for folder in ("chat", "counsellors") for path in (ROOT / folder).rglob("templates/**/*.html")
]
# The accessible name of a button, and the key, or the two, of what it shows.
NAMED = re.compile(
    r"""aria-label=\$\{t\("(?P<name>[\w.]+)"(?:(?!<button|<a ).)*?"""
    r""">\s*\$\{t\((?P<shown>[^`<>]*?)\)\}\s*</(?:button|a)>""",
    re.DOTALL,
)

# What each kind of line says in its own words; no other sentence can replace it.
OF_LINES = {key for name in templates.names() for key in sentences.own(name, "nl")}


def catalogue(domain: str, language: str) -> dict[str, str]:
    """Returns a catalogue without formal address, which one language has and another has not."""
    if domain != "django":
        found = languages.texts(domain, language)
        return {key: text for key, text in found.items() if not key.endswith(languages.FORMAL)}
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {str(row.id): str(row.string) for row in read_po(file, locale=language) if row.id}


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_are_complete(domain: str) -> None:
    dutch, english = catalogue(domain, "nl"), catalogue(domain, "en")
    assert set(dutch) == set(english)
    for texts in (dutch, english):
        assert not [key for key, text in texts.items() if not text.strip()]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OURS)
def test_no_key_stands_twice_so_that_the_later_text_would_win(domain: str, language: str) -> None:
    if domain == "django":
        text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text()
        keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    else:
        keys = re.findall(r'^  "([^"]+)": ', (LOCALE / language / f"{domain}.json").read_text(), re.MULTILINE)
    assert keys
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_text_has_the_same_blanks_in_both_languages(domain: str) -> None:
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    dutch, english = catalogue(domain, "nl"), catalogue(domain, "en")
    variables = {key for key in dutch if key.startswith("sentence.")}  # {me|…}: the text says it otherwise
    assert [key for key in dutch.keys() - variables if blanks(dutch[key]) != blanks(english[key])] == []


def test_which_plural_a_language_takes_is_no_business_of_code() -> None:
    """`tn` asks Intl.PluralRules, because a language may have one plural form, or six."""
    chosen = re.compile(r"""\? *["'](one|many)["']|["'](one|many)["'] *:""")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "frontend").rglob("*.js")
        if not {"node_modules", "vendor"} & {*path.parts} and chosen.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("language", OURS)
def test_formal_address_is_of_a_text_that_is_there(language: str) -> None:
    for domain in DOMAINS[1:]:
        found = languages.texts(domain, language)
        formal = {key.removesuffix(languages.FORMAL) for key in found if key.endswith(languages.FORMAL)}
        assert formal <= found.keys(), domain


def test_no_language_is_named_in_code() -> None:
    """A language is a folder and a setting (HELPLINE_LANGUAGES), whose default names our own languages."""
    named = re.compile(
        r"""["'](nl|en|de)["']|\b(nl|en|de)_[a-z]|_(nl|en|de)\b|\b(nl|en|de): |\.(nl|en|de)\b(?!")"""
        r"""|/(nl|en)/"""
    )
    # The names of Dutch holidays are stored in the database, and the eight words of a key are English.
    allowed = re.compile(r"""country_holidays\(.*|lang="en"|//.*|#.*|`[^`]*`""")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder, ends in (("chat", "py"), ("counsellors", "py"), ("helpline", "py"), ("frontend", "js"))
        for path in sorted((ROOT / folder).rglob(f"*.{ends}"))
        if not {"node_modules", "vendor", "migrations"} & {*path.parts}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(allowed.sub("", line)) and '"""' not in line
    ]
    assert found == []


@pytest.mark.parametrize("domain", list(IN_CODE))
def test_every_key_in_the_code_has_a_text(domain: str) -> None:
    texts = catalogue(domain, "nl")
    folders = ["" if domain == "staff" else domain]
    for app in [one.split("/")[0] for one in APPS if one.endswith(f"/{domain}")]:
        texts |= catalogue(f"{app}/{domain}", "nl")
        folders.append(app)
    for path in [path for folder in folders for path in (ROOT / "frontend" / folder).rglob("*.js")]:
        if "node_modules" in path.parts:
            continue
        for key in set(IN_CODE[domain].findall(path.read_text())) - OF_LINES:
            begun = any(known.startswith((f"{key}.", f"{key}_")) for known in texts)  # a key put together
            assert key in texts or begun, (path.name, key)


@pytest.mark.parametrize("language", OURS)
def test_who_speaks_to_the_page_can_say_what_a_button_shows(language: str) -> None:
    """WCAG 2.5.3: the visible text of a button is part of its accessible name."""
    texts = catalogue("console", language) | catalogue("board", language) | catalogue("staff", language)
    wrong = [
        (path.name, key, found["name"])
        for page in ("console", "board", "staff")
        for path in (ROOT / "frontend" / page).rglob("*.js")
        for found in NAMED.finditer(path.read_text())
        for key in re.findall(r'"([\w.]+)"', found["shown"])
        if texts[key].lower() not in texts[found["name"]].lower()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OURS)
def test_every_question_of_the_form_after_a_conversation_and_every_code_has_one_text(language: str) -> None:
    asked = {f"form.{name}" for name in CODES} | {
        f"form.{name}.{code}" for name, codes in CODES.items() for code in codes
    }
    assert asked == {key for key in catalogue("staff", language) if key.startswith("form.")}


def test_one_thing_has_one_name() -> None:
    """The list has the words for those who ask for help, a service's desk, an answer of the form, and the
    highest urgency."""
    for domain in DOMAINS:
        for key, text in catalogue(domain, "nl").items():
            assert not re.search(r"\b(bellers?|bureaus?)\b", text, re.IGNORECASE), key
    for language in OURS:
        console, board = catalogue("console", language), catalogue("board", language)
        assert console["console.urgency.2"] == console["console.flag.2"] == board["board.mark.acute"]


def test_who_joins_and_who_lets_them_in_read_that_they_may_write_and_that_the_caller_sees_it() -> None:
    joins = ("board.people.listen_why", "board.done.listen", "board.ring.how")
    for key in (*joins, "board.people.listen"):
        assert "schrijf" in catalogue("board", "nl")[key] or "schrijv" in catalogue("board", "nl")[key], key
    for key in ("console.listen.asked", "console.ring.consult"):
        assert "schrijven" in catalogue("console", "nl")[key], key
    for text in (
        *(catalogue("board", "nl")[key] for key in joins),
        catalogue("console", "nl")["console.listen.asked"],
    ):
        assert "De hulpvrager ziet wie erbij komt" in text or "de hulpvrager ziet wie erbij komt" in text


def test_every_key_in_a_template_has_a_text() -> None:
    texts = catalogue("django", "nl")
    for path in TEMPLATES:
        for key in re.findall(r"""{%\s*(?:translate|say)\s+["']([^"']+)["']""", path.read_text()):
            assert key in texts or key.startswith("caller."), (path.name, key)


@pytest.mark.parametrize("template", templates.names())
@pytest.mark.parametrize("language", OURS)
def test_every_line_says_what_a_caller_s_page_asks_of_it(template: str, language: str) -> None:
    said = sentences.of_template(template, language, formal=templates.read(template).formal)
    asked = {
        key
        for path in TEMPLATES
        for key in re.findall(r"""{%\s*say\s+["'](caller\.[^"']+)""", path.read_text())
    }
    for path in (ROOT / "frontend" / "caller").rglob("*.js"):
        asked |= set(IN_CODE["caller"].findall(path.read_text()))
    if not templates.read(template).notice:  # its page has none of it
        asked -= {key for key in asked if key.startswith("caller.notice.")}
        assert not [key for key in said if key.startswith("caller.notice.")]
    missing = {key for key in asked - said.keys() if not any(known.startswith(f"{key}.") for known in said)}
    assert missing == set()


@pytest.mark.parametrize("domain", ["caller", "django"])
def test_the_words_for_callers_hold_no_exclamation_mark(domain: str) -> None:
    for language in OURS:
        assert [key for key, text in catalogue(domain, language).items() if "!" in text] == []
