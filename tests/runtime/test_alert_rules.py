"""An alert on a number that nobody counts is silent for ever; one without a page wakes who is lost."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.support.platform import ROOT, Platform

RULES = ROOT / "deploy" / "prometheus" / "helpline.rules.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "helpline.json"
PAGES = ROOT / "docs" / "alerts.md"
NAMED = re.compile(r"\bhelpline_[a-z_]+")


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def counted(platform: Platform) -> set[str]:
    """The names that a running process tells."""
    with urlopen(f"{platform.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    kinds = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE ")}
    return set(kinds)


@pytest.mark.parametrize("path", [RULES, DASHBOARD], ids=["alerts", "dashboard"])
def test_every_number_that_is_named_is_told_by_a_running_process(laptop: Platform, path: Path) -> None:
    named = set(NAMED.findall(path.read_text()))
    assert named
    assert sorted(named - counted(laptop)) == []


def test_every_alert_has_a_page_of_what_to_do_and_every_page_an_alert() -> None:
    pages = set(re.findall(r"^## (\w+)$", PAGES.read_text(), re.MULTILINE))
    assert {rule["alert"] for rule in alerts()} == pages


def test_every_alert_says_how_bad_it_is_and_what_is_wrong() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"]["summary"]
        assert rule["expr"].strip()


def test_the_dashboard_has_a_picture_for_each_of_its_questions() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["title"] for panel in panels}) == len(panels) >= 10
    assert all(panel["targets"] for panel in panels)
