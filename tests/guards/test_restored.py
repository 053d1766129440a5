"""A restored backup is served to nobody before restore-check."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.support.domain.cast import a_line

PAGES = ("/", "/nl/", "/nl/helpwanted/", "/api/lines/helpwanted/", "/login/", "/console/", "/admin/")


@pytest.mark.django_db
def test_no_page_is_served_from_a_restored_backup(client: Client, settings: Settings, tmp_path: Path) -> None:
    a_line()
    settings.JOURNAL = tmp_path / "purged.log"
    assert client.get("/nl/helpwanted/").status_code == 200
    settings.JOURNAL.write_text(f"1 2026-11-26T14:00:00Z {'0' * 64}\n")
    for path in PAGES:
        assert client.get(path).status_code == 503, path
    assert "helpwanted" not in client.get("/nl/helpwanted/").content.decode()
    assert 'href="tel:' in client.get("/nl/helpwanted/").content.decode()
    assert "Bel wie de server beheert" in client.get("/console/").content.decode()
    assert client.post("/api/exit/").status_code == 503
    assert client.get("/healthz").status_code == 200
    settings.METRICS_TOKEN = "a token of a test, of 32 characters or more"
    told = client.get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
    assert "helpline_restored 1.0" in told.content.decode()
    assert client.get("/readyz").status_code == 503
