"""Renders a paper as Markdown, which people can edit, as an HTML page and as a PDF."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation
from markdown_it import MarkdownIt

from chat.administration.papers import PAPERS, answers, facts
from helpline import languages
from helpline.lib.printing import to_pdf

MISSING = "⟦%s⟧"  # printed for a template variable that `facts` does not define; a test searches for it
STYLE = Path(__file__).with_name("paper.css")
_engine = Engine(string_if_invalid=MISSING)
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def in_languages() -> list[str]:
    """Returns the languages of the staff that have every paper."""
    return [code for code in languages.staff_codes() if all(_file(paper, code).is_file() for paper in PAPERS)]


def markdown(paper: str, language: str, given: Mapping[str, answers.Answer]) -> str:
    """Returns the paper for this installation. A placeholder between ⟨ and ⟩ stands for each answer that the
    organisation has not given."""
    template = _engine.from_string(_file(paper, language).read_text())
    with translation.override(language):
        return template.render(Context(facts.of_installation(given, language), autoescape=False))


def page(text: str, language: str) -> str:
    """Returns the Markdown as an HTML page that needs no other file. The page highlights the placeholders of
    missing answers."""
    title = text.partition("\n")[0].lstrip("# ")
    body = re.sub(r"⟨[^⟩]*⟩", r"<mark>\g<0></mark>", _markdown.render(text))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text()}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def write(folder: Path, given: Mapping[str, answers.Answer], *, pdf: bool) -> list[Path]:
    """Writes the papers into the folder, in each language that has every paper, and returns the files. Raises
    CannotPrint if this server cannot make a PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for language in in_languages():
        for paper in PAPERS:
            text = markdown(paper, language, given)
            files: dict[str, bytes] = {"md": text.encode(), "html": page(text, language).encode()}
            if pdf:
                files["pdf"] = to_pdf(files["html"].decode())
            for ending, content in files.items():
                made.append(folder / f"{paper}.{language}.{ending}")
                made[-1].write_bytes(content)
    return made


def _file(paper: str, language: str) -> Path:
    folder: Path = settings.LANGUAGE_FOLDERS[language]
    return folder / "papers" / f"{paper}.md"
