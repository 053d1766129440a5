"""Draws curves over time as SVG: one chart for each kind of value, one curve for each process."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

WIDTH, STRIP, LEFT, TOP = 900, 190, 70, 34
COLOURS = ("#1b6ca8", "#b3541e", "#3d7a37", "#6b4fa0")


def draw(target: Path, minutes: Sequence[float], strips: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Writes the picture. Each chart starts at zero, so that a flat curve looks flat."""
    height = STRIP * len(strips) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    longest = max(minutes, default=1) or 1
    for place, (title, lines) in enumerate(strips.items()):
        parts += _strip(place * STRIP, title, lines, minutes, longest)
    where = f'x="{WIDTH - 20}" y="{height - 8}" text-anchor="end" font-size="13"'
    parts.append(f"<text {where}>{longest:.0f} minutes</text>")
    target.write_text("\n".join([*parts, "</svg>\n"]))


def _strip(
    top: int, title: str, lines: Mapping[str, Sequence[float]], minutes: Sequence[float], longest: float
) -> list[str]:
    most = max((max(values, default=0) for values in lines.values()), default=1) * 1.1 or 1
    floor, room = top + STRIP - 12, STRIP - TOP - 12
    parts = [
        f'<text x="{LEFT}" y="{top + 20}" font-size="15" font-weight="bold">{escape(title)}</text>',
        f'<line x1="{LEFT}" y1="{floor}" x2="{WIDTH - 20}" y2="{floor}" stroke="#999"/>',
        f'<text x="{LEFT - 8}" y="{floor}" text-anchor="end" font-size="13">0</text>',
        f'<text x="{LEFT - 8}" y="{floor - room + 8}" text-anchor="end" font-size="13">{most:.0f}</text>',
    ]
    for number, (name, values) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(
            f"{LEFT + minute / longest * (WIDTH - LEFT - 20):.1f},{floor - value / most * room:.1f}"
            for minute, value in zip(minutes, values, strict=False)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        at = LEFT + 260 + number * 130
        parts.append(f'<text x="{at}" y="{top + 20}" font-size="14" fill="{colour}">{escape(name)}</text>')
    return parts
