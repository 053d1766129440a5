"""Writes the files that the proxy serves from the disk: the files of a release, and the page that is shown if
no web process answers."""

from chat.views import plain_pages
from helpline import frontend

DOWN = "down.html"


def keep() -> None:
    """Writes the files, and then the page that refers to them. This runs at each start of a web process, and
    before an upgrade."""
    frontend.keep_release()
    frontend.keep_page(DOWN, plain_pages.down())
