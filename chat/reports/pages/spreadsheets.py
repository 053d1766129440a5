"""Escapes the cells of exported files, so that a spreadsheet does not run the name of a code as a formula.
Staff can type any name."""

import re

# Matches each position at which a spreadsheet could read a formula (OWASP, CSV Injection): at the beginning,
# and after a character that separates cells in some countries' settings.
_FORMULA = re.compile(r'^(?=\s*[=+\-@]|[\t\r\n])|(?<=[\t\r\n,;"])(?=[=+\-@])')


def quoted[Cell](cell: Cell) -> Cell | str:
    """Returns a text with an apostrophe before each possible formula. A number is returned unchanged."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else cell
