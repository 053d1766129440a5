"""What a release leaves on the disk for the proxy: its files, and the page for when no process answers."""

from chat.views import lines
from helpline import frontend

DOWN = "down.html"


def keep() -> None:
    """Runs at each start, and before an upgrade. It writes the files first, since the page names them."""
    frontend.keep_release()
    frontend.keep_page(DOWN, lines.down())
