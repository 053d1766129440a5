"""Cells of exported files. A spreadsheet must not run as a formula what somebody entered as the name of a
code."""

import re

# Matches where a spreadsheet would see a formula (OWASP, CSV Injection): at the beginning, and after a
# character that a spreadsheet of another country takes for the end of a cell.
_FORMULA = re.compile(r'^(?=\s*[=+\-@]|[\t\r\n])|(?<=[\t\r\n,;"])(?=[=+\-@])')


def quoted[Cell](cell: Cell) -> Cell | str:
    """Returns a text with an apostrophe before each possible formula, and a number unchanged."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else cell
