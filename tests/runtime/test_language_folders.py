"""If a language lacks something for callers, the start fails with a sentence that names file and key."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from helpline import languages
from helpline.lib import language_folders

WHOLE = settings.LANGUAGE_FOLDERS["nl"]


@pytest.fixture
def french(tmp_path: Path) -> Path:
    """Makes a folder with everything that callers of one line need."""
    folder = tmp_path / "fr"
    (folder / "lines").mkdir(parents=True)
    for name in ("caller.json", "lines/young-victims.json"):
        shutil.copy(WHOLE / name, folder / name)
    return folder


def without(key: str) -> Callable[[Path], object]:
    def breaks(path: Path) -> None:
        texts = json.loads(path.read_text())
        del texts[key]
        path.write_text(json.dumps(texts))

    return breaks


def says(key: str, text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(json.dumps(json.loads(path.read_text()) | {key: text}))


def test_a_folder_that_has_it_all_is_fine_also_without_formal_address(french: Path) -> None:
    without("caller.alone.formal")(french / "caller.json")
    assert language_folders.of_callers(french, WHOLE) == []


@pytest.mark.parametrize(
    ("file", "breaks", "sentence"),
    [
        ("caller.json", without("caller.alone"), "caller.json lacks caller.alone"),
        ("caller.json", without("caller.language.name"), "lacks caller.language.name"),
        ("caller.json", says("caller.alone", " "), "caller.json lacks caller.alone"),
        ("caller.json", says("caller.start.title", "Parler avec {nom}"), "caller.start.title needs the same"),
        ("caller.json", lambda path: path.write_text('{"a": "b",}'), "is no JSON in UTF-8"),
        ("caller.json", lambda path: path.write_bytes("{}".encode("utf-16")), "is no JSON in UTF-8"),
        ("caller.json", lambda path: path.write_text("[]"), "must be an object of texts"),
        ("caller.json", lambda path: path.unlink(), "cannot be read (No such file"),
        ("lines/young-victims.json", without("caller.guide.1.2"), "lacks caller.guide.1.2"),
        ("lines/young-victims.json", lambda path: path.unlink(), "no line would speak it"),
        (
            "lines/young-victims.json",
            lambda path: path.rename(path.with_name("helpwanted.json")),
            "write worried-adults.json or young-victims.json",
        ),
    ],
)
def test_what_lacks_is_named(
    french: Path, file: str, breaks: Callable[[Path], object], sentence: str
) -> None:
    breaks(french / file)
    (found,) = language_folders.of_callers(french, WHOLE)
    assert sentence in found
    assert str(french) in found


def test_a_name_keeps_its_lines_and_loses_what_no_spreadsheet_may_contain() -> None:
    typed = {"nl": " een\x0bnaam\nen meer ", "en": "\x0b"}
    assert languages.stripped(typed) == {"nl": "een naam\nen meer"}
