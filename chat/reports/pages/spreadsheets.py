"""Cells of exported files. Opening one must not run what somebody entered as a code."""

import re

# What a spreadsheet takes for a formula (OWASP, CSV Injection): at the beginning, and behind what another
# country's spreadsheet takes for the end of a cell.
_FORMULA = re.compile(r'^(?=\s*[=+\-@]|[\t\r\n])|(?<=[\t\r\n,;"])(?=[=+\-@])')


def quoted[Cell](cell: Cell) -> Cell | str:
    """Returns text with an apostrophe before each formula; a number as it is."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else cell
