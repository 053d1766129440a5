"""Finds text with too little contrast (WCAG 2.2, 1.4.3, AA). axe leaves open what it cannot tell: ticks and
other signs, and text on a gradient. This measures all of them."""

from typing import TypedDict

from playwright.async_api import Page

# Measures each visible text with the blended colours of its nearest ancestors. Disabled elements are exempt.
# Returns the faint texts, and the kinds of elements with text, fields and links that there are: the names and
# classes of the element and of the one around it, and its colours. `kindsOfText` has an element of each.
MEASURE = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (known.has(colour)) return known.get(colour);
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => (part * a + below[i] * (255 - a)) / 255);
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    return over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const kinds = (globalThis.kindsOfText = new Map());
  const name = ({ localName, className }) => `${localName}.${className}`;
  const opacity = (element) =>
    element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;
  const note = (element, ...more) => {
    const { color, position } = getComputedStyle(element);
    const names = [name(element.parentElement), name(element)];
    kinds.set([...names, color, behind(element), opacity(element), position, ...more].join(" "), element);
  };
  for (const element of document.querySelectorAll("a[href], input, select, textarea"))
    if (element.checkVisibility()) note(element, element.type);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent.trim();
    if (!words || !element.checkVisibility()) continue;
    if (element.closest(":disabled, [aria-disabled=true], .unseen, option")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const below = behind(element);
    const [one, other] = [light(over(rgba(style.color), below)), light(below)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${words.slice(0, 40)}: ${ratio.toFixed(2)}`);
    note(element, large);
  }
  return { faint, kinds: [...kinds.keys()] };
}"""


class Measured(TypedDict):
    """Holds the faint texts with their contrast, and the kinds of text, in the theme that is shown now."""

    faint: list[str]
    kinds: list[str]


async def measured(page: Page) -> Measured:
    found: Measured = await page.evaluate(MEASURE)
    return found
