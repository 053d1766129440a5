"""What a caller's browser downloads in all, first and later, stays small, because mobile connections are
slow."""

from pathlib import Path

import pytest
from django.test import Client

from helpline import compression
from tests.support.domain.cast import a_line

pytestmark = pytest.mark.django_db
FRONTEND = Path(__file__).parents[2] / "frontend"
# Bytes as Brotli sends them: modules, styles and the page. The first load is measured in a browser, apart.
IN_ALL = 106 * 1024


def test_all_that_a_caller_s_browser_ever_fetches_is_small(client: Client) -> None:
    a_line("helpwanted", path="praat", template="young-victims")
    page = client.get("/nl/praat/", headers={"Accept-Encoding": "br"})
    files = [path for folder in ("caller", "shared") for path in (FRONTEND / folder).rglob("*.*")]
    sent = [path for path in files if path.suffix in {".js", ".css"}]
    assert len(sent) > 25
    total = sum(len(compression.compressed(path.read_bytes(), "br")) for path in sent)
    print(f"{total} bytes of modules, {len(page.content)} of the page")
    assert total + len(page.content) < IN_ALL
