"""Runs axe on the screens that the browser tests show, in both themes. A serious finding fails the test. The
page keeps its policy: what the debugger evaluates is not subject to it."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import CDPSession, Page

from tests.browser.contrast import measured

FAILING = ("serious", "critical")
# Every rule of WCAG 2.2 AA, `target-size` with them, and what axe's authors advise beyond it.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
# The visible text of a button is part of its name (WCAG 2.5.3), so that speech control can press it.
EXTRA = {"label-content-name-mismatch": {"enabled": True}}
RESULTS = {"resultTypes": ["violations"], "preload": False}
BUT_COLOURS = RESULTS | {
    "runOnly": {"type": "tag", "values": list(TAGS)},
    "rules": EXTRA | {name: {"enabled": False} for name in COLOURS},
}
ONLY_COLOURS = RESULTS | {"runOnly": {"type": "rule", "values": list(COLOURS)}}
RUN = "(options) => axe.run(document, options)"
# An element may have gone since it was measured, because a message came. axe refuses to look at none.
RUN_ON_KINDS = """async ([options, kinds]) => {
  const all = globalThis.kindsOfText;
  const there = kinds.filter((kind) => all.get(kind).isConnected);
  if (!there.length) return { there, violations: [] };
  const { violations } = await axe.run({ include: there.map((kind) => all.get(kind)) }, options);
  return { there, violations };
}"""
ASKED_FOR = """() => ({
  color_scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  reduced_motion: matchMedia("(prefers-reduced-motion: reduce)").matches ? "reduce" : "no-preference",
})"""
# Returns the shape of the page: its elements, what they are like, and where there is text, but not which; a
# third element of the same kind counts like a second.
SHAPE = """() => {
  const TOLD = /^(class|role|type|lang|dir|tabindex|aria-(hidden|invalid|current|\\w+ed))$/;
  const STATES = [":focus", ":hover", ":modal", ":popover-open", ":checked", ":disabled"];
  const few = (all) => all.filter((one, at) => at < 2 || one !== all[at - 1] || one !== all[at - 2]);
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "w" : "";
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const told = [...node.attributes].map(({ name, value }) => (TOLD.test(name) ? name + "=" + value : name));
    const state = STATES.filter((one) => node.matches(one));
    const inside = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(shape).filter(Boolean);
    return "<" + [node.localName, ...told.sort(), ...state].join(" ") + ">" + few(inside).join("") + "</>";
  };
  return [
    innerWidth, devicePixelRatio, getComputedStyle(document.documentElement).fontSize,
    matchMedia("(forced-colors: active)").matches, shape(document.documentElement),
  ].join(" ");
}"""
NOSCRIPT = "document.querySelectorAll('noscript').forEach((one) => one.replaceWith(...one.childNodes))"

_axe = Axe()
_looked_at: WeakKeyDictionary[Page, set[str]] = WeakKeyDictionary()
_without_scripts: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


class Fine:
    """Holds the digests of what was checked without a finding. With a folder, the other processes of the run
    know them too."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._own: set[str] = set()

    def __contains__(self, digest: str) -> bool:
        return digest in self._own or (self.folder is not None and (self.folder / digest).exists())

    def add(self, digest: str) -> None:
        self._own.add(digest)
        if self.folder is not None:
            (self.folder / digest).touch()


fine = Fine()


def address(url: str) -> str:
    """Returns which screen an address shows: its path, and on the board also the tab behind `#`."""
    parts = urlsplit(url)
    return f"{parts.path}#{parts.fragment}" if parts.path == "/board/" and parts.fragment else parts.path


def looked_at(page: Page) -> set[str]:
    """Holds the addresses at which axe checked this window, or one as wide before it."""
    return _looked_at.setdefault(page, set())


async def looks_right(page: Page) -> None:
    """Fails if axe or the measure of contrast finds something serious in what the window shows now. Each
    shape of a screen is checked once in a run at each width, however many stories show it."""
    # Without its stylesheet, a page in the dark theme has white words on what axe takes for white.
    await page.wait_for_load_state()
    found = []
    async with _scripts(page):
        shown = await _shape(page)
        if shown not in fine:
            found = await serious_of(page)
        if not found and await _shape(page) == shown:
            fine.add(shown)
    looked_at(page).add(address(page.url))
    assert found == [], f"{page.url}\n" + "\n".join(found)


async def looks_right_once(page: Page) -> None:
    """Does the same as `looks_right`, unless this run has checked that address at that width. It is for
    screens that many tests show."""
    here = address(page.url)
    seen = _digest(here, str((page.viewport_size or {"width": 0})["width"]))
    if seen not in fine:
        await looks_right(page)
        fine.add(seen)
    looked_at(page).add(here)


async def switch_scripts_off(page: Page) -> None:
    """Makes the page one of a browser without JavaScript. axe needs scripts itself, and switches them on
    while it runs."""
    _without_scripts[page] = await page.context.new_cdp_session(page)
    await _disable(page, True)


async def serious_of(page: Page) -> list[str]:
    """Returns what axe and the measure of contrast find serious, in either theme. The themes differ in their
    colours only, so everything else is checked once."""
    found = []
    async with _media_kept(page):
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(_axe.axe_script)
        await page.emulate_media(reduced_motion="reduce")
        found += _serious(await page.evaluate(RUN, BUT_COLOURS))
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme)
            found += [f"{theme}: {one}" for one in await _colours(page)]
    return found


async def _colours(page: Page) -> list[str]:
    """Returns the findings about colours. axe needs milliseconds for each text, so that it looks at one of
    each kind that is new in this run."""
    texts = await measured(page)
    new = {kind: digest for kind in texts["kinds"] if (digest := _digest(kind)) not in fine}
    found = [f"too faint: {words}" for words in texts["faint"]]
    looked = await page.evaluate(RUN_ON_KINDS, [ONLY_COLOURS, list(new)])
    found += _serious(looked)
    if not found:
        for kind in looked["there"]:
            fine.add(new[kind])
    return found


async def _shape(page: Page) -> str:
    return _digest(address(page.url), await page.evaluate(SHAPE))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()


def _serious(found: dict[str, Any]) -> list[str]:
    """Returns the findings that fail the test: the rule, the place, and what axe says about it."""
    return [
        f"{rule['id']} ({rule['impact']}) {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in FAILING
        for node in rule["nodes"]
    ]


@asynccontextmanager
async def _media_kept(page: Page) -> AsyncIterator[None]:
    asked_for = await page.evaluate(ASKED_FOR)
    yield
    await page.emulate_media(**asked_for)


@asynccontextmanager
async def _scripts(page: Page) -> AsyncIterator[None]:
    """Switches scripts on for a while, with the content of `noscript` still visible."""
    if page not in _without_scripts:
        yield
        return
    await _disable(page, False)
    await page.evaluate(NOSCRIPT)
    yield
    await _disable(page, True)


async def _disable(page: Page, off: bool) -> None:
    await _without_scripts[page].send("Emulation.setScriptExecutionDisabled", {"value": off})
