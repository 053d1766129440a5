"""Renders a page as PDF with WeasyPrint, in a process of its own, so that printing delays no conversation.

The page contains everything that it needs; nothing is fetched for it.
"""

import subprocess
import sys
import threading

TIMEOUT_SECONDS = 20.0  # shorter than the usual timeouts of proxies

# Only one page is printed at a time. A second request is refused: while it waited, it would occupy one of the
# places for pages (page_limits.py).
_printer = threading.Lock()


class CannotPrint(Exception):
    """This server cannot make a PDF. Print the page from your browser."""


def to_pdf(html: str) -> bytes:
    """Returns the PDF. Raises CannotPrint if a system library (Pango) is missing, if printing takes too long,
    or while another page is printed."""
    if not _printer.acquire(blocking=False):
        raise CannotPrint
    try:
        done = subprocess.run(
            [sys.executable, "-m", "helpline.lib.printing"],
            input=html.encode(),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotPrint from error
    finally:
        _printer.release()
    return done.stdout


def _print() -> None:
    import weasyprint  # noqa: PLC0415 – only this process needs it and its libraries

    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = weasyprint.HTML(string=sys.stdin.read(), url_fetcher=nothing)
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    _print()
