"""The colours that a line's template may choose can be read in both themes."""

import re
from pathlib import Path

import pytest

from chat.lines import templates

CSS = (Path(__file__).parents[2] / "frontend" / "caller" / "caller.css").read_text()
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
DARK = "@media (prefers-color-scheme: dark) {"
LOOKS = ["sea", *dict.fromkeys(re.findall(r'\[data-look="(\w+)"\]', CSS))]
TEXT = 4.5  # WCAG 2.2, 1.4.3
# Foreground and background, as the page uses them.
PAIRS = [("main", "paper"), ("main", "card"), ("main-ink", "main"), ("ink", "own"), ("soft", "own")]


def tokens(css: str, selector: str) -> dict[str, str]:
    """Returns the tokens of the first rule with that selector."""
    found = re.search(re.escape(selector) + r" \{([^}]*)\}", css)
    return dict(TOKEN.findall(found[1])) if found else {}


def colours(look: str, theme: str) -> dict[str, str]:
    """Returns the colours after the cascade: the theme's own, and over them those of the look."""
    root, between, after = CSS.split(DARK)[:3]
    mine = f'[data-look="{look}"]'
    light = tokens(root, ":root") | tokens(between, mine)
    return light if theme == "light" else light | tokens(between, ":root") | tokens(after, mine)


def luminance(colour: str) -> float:
    """Computes WCAG 2.2's "relative luminance"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_can_be_read(look: str, theme: str) -> None:
    found = colours(look, theme)
    faint = [(pair, contrast(found[pair[0]], found[pair[1]])) for pair in PAIRS]
    assert [(pair, ratio) for pair, ratio in faint if ratio < TEXT] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_looks_differ(theme: str) -> None:
    assert len(LOOKS) >= 4
    assert len({colours(look, theme)["main"] for look in LOOKS}) == len(LOOKS)


@pytest.mark.parametrize("name", templates.names())
def test_a_template_chooses_a_look_that_there_is(name: str) -> None:
    assert templates.read(name).look in LOOKS
