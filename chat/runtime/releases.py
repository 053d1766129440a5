"""Writes what the proxy serves from the disk: a release's files, and the page for when no process answers."""

from chat.views import lines
from helpline import frontend

DOWN = "down.html"


def keep() -> None:
    """Writes the files, and after them the page that names them. It runs at each start, and before an
    upgrade."""
    frontend.keep_release()
    frontend.keep_page(DOWN, lines.down())
