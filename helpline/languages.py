"""Reads the languages. Each language is one folder of texts by key: `helpline/locale/<code>/`, or a folder
that HELPLINE_LANGUAGES names.

`caller.json` has the texts that callers read, and `lines/<template>.json` the texts of lines made from that
template. A language with both is offered to callers. A language that also has `console.json`, `board.json`,
`staff.json` and `LC_MESSAGES/django.po` is offered to staff. Browsers read the same files. A key that ends in
`.formal` has the same sentence with formal address. `settings.LANGUAGES` lists the languages; the first is
the default.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation.trans_real import parse_accept_lang_header

FORMAL = ".formal"
OF_STAFF = ("console", "board", "staff")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")  # not the ends of lines and the tab

type Texts = Mapping[str, str]  # one text in each language, by code; also `nl.formal` if that text differs


def codes() -> list[str]:
    """Returns the codes of all languages, the default first."""
    return [code for code, _ in settings.LANGUAGES]


def addresses() -> list[str]:
    """Returns the codes of all languages. A language with formal address is listed twice, as `nl` and
    `nl.formal`."""
    return [one for code in codes() for one in _addresses(code)]


def texts(name: str, language: str) -> Texts:
    """Returns the texts of a language's file, by key; empty if the language lacks the file."""
    return _read(settings.LANGUAGE_FOLDERS[language] / f"{name}.json")


def is_right_to_left(code: str) -> bool:
    return code.partition("-")[0] in settings.LANGUAGES_BIDI


def name(address: str) -> str:
    """Returns a language's name in that language, such as `Nederlands`, or `Nederlands (u)` for
    `nl.formal`."""
    return _at("caller", "caller.language.name", address)


def all_of(name: str, key: str) -> dict[str, str]:
    """Returns one text in each language that has it, also with formal address."""
    found = ((one, _at(name, key, one)) for one in addresses())
    return {one: text for one, text in found if text}


def staff_codes() -> list[str]:
    """Returns the codes of the languages in which all pages of the staff have texts."""
    return [code for code in codes() if all(texts(name, code) for name in _of_staff())]


def _of_staff() -> list[str]:
    """Returns the names of the files with the staff's texts, including those of the installed optional
    apps."""
    folder = settings.LANGUAGE_FOLDERS[settings.LANGUAGE_CODE]
    apps = (f"{app}/{path.stem}" for app in settings.OPTIONAL_APPS for path in (folder / app).glob("*.json"))
    return [*OF_STAFF, *apps]


def of_staff(accepted: str) -> str:
    """Returns the first language of a browser's header (RFC 9110, Accept-Language) that the staff's pages
    have, otherwise the default."""
    wanted = (code.partition("-")[0] for code, _ in parse_accept_lang_header(accepted))
    return next((code for code in wanted if code in staff_codes()), settings.LANGUAGE_CODE)


def addressed(found: Texts, *, formal: bool) -> dict[str, str]:
    """Returns the texts with formal or with informal address, each under its key without `.formal`."""
    return {
        key: found.get(key + FORMAL, text) if formal else text
        for key, text in found.items()
        if not key.endswith(FORMAL)
    }


def stripped(says: Texts) -> dict[str, str]:
    """Returns the texts without surrounding spaces, and with a space for each control character, which no
    spreadsheet may contain (XML 1.0, 2.2). Leaves out empty texts, and those in a language that was
    removed."""
    known = addresses()
    clean = {one: CONTROL.sub(" ", text).strip() for one, text in says.items() if one in known}
    return {one: text for one, text in clean.items() if text}


def is_complete(says: Texts) -> bool:
    """Returns whether each language of the staff has a text."""
    return {*staff_codes()} <= {*stripped(says)}


def slug(says: Texts, longest: int) -> str:
    """Returns a slug made from the text in the default language, of at most `longest` characters."""
    return slugify(says.get(settings.LANGUAGE_CODE, "")).replace("_", "-")[:longest].strip("-")


def for_staff(says: Texts) -> str:
    """Returns the text in the language of the page, or in the default one."""
    return says.get(translation.get_language() or "") or says.get(settings.LANGUAGE_CODE, "")


def served() -> Iterator[tuple[str, Path]]:
    """Yields the files that browsers request, each with its name below `/app/<release>/`."""
    for code in codes():
        folder = settings.LANGUAGE_FOLDERS[code]
        for part in ("", *settings.OPTIONAL_APPS):
            for path in sorted((folder / part).glob("*.json")):
                yield f"i18n/{code}/{path.relative_to(folder).as_posix()}", path


def _addresses(code: str) -> list[str]:
    has_formal = any(key.endswith(FORMAL) for key in texts("caller", code))
    return [code, code + FORMAL] if has_formal else [code]


def _at(name: str, key: str, address: str) -> str:
    code = address.removesuffix(FORMAL)
    return texts(name, code).get(key + address.removeprefix(code), "")


@cache
def _read(path: Path) -> Texts:
    return MappingProxyType(json.loads(path.read_text())) if path.is_file() else MappingProxyType({})
