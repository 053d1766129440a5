"""Each alert uses a metric that exists and has a page that says what to do."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import yaml

from helpline.lib import measures
from tests.conftest import started
from tests.support.cast import caller, carla
from tests.support.frames import Refused
from tests.support.platform import ROOT, Platform
from tests.support.prometheus import DASHBOARD, FOLDER, RULES, Prometheus, alerts, asked, unanswered

PLAYED = FOLDER / "helpline.rules.test.yml"
PROGRAM = ("chat", "counsellors", "helpline")
PAGES = ROOT / "docs" / "alerts.md"
NAMED = re.compile(r"\bhelpline_[a-z_]+")


def counted(platform: Platform) -> set[str]:
    """Returns the names of a running process's metrics."""
    with urlopen(f"{platform.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    kinds = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE ")}
    return set(kinds)


@pytest.mark.parametrize("path", [RULES, DASHBOARD], ids=["alerts", "dashboard"])
def test_every_number_that_is_named_is_told_by_a_running_process(laptop: Platform, path: Path) -> None:
    named = set(NAMED.findall(path.read_text()))
    assert named
    assert sorted(named - counted(laptop)) == []


@pytest.mark.long
async def test_prometheus_itself_has_an_answer_to_all_that_alerts_and_dashboard_ask(laptop: Platform) -> None:
    anna, counsellor = await caller(laptop), await carla(laptop)
    await anna.start()
    await counsellor.take()
    with pytest.raises(Refused):
        await anna.request("nonsense")
    for watching in started(Prometheus([urlsplit(laptop.url).netloc])):
        assert await asyncio.to_thread(unanswered, watching.url, 60) == []
        (own,) = asked(watching.url, "query", query='up{job="helpline"}')["result"]
        assert own["value"][1] == "1"
        assert {rule["name"] for rule in _loaded(watching)} == {rule["alert"] for rule in alerts()}


def _loaded(watching: Prometheus) -> list[dict[str, str]]:
    return [rule for group in asked(watching.url, "rules")["groups"] for rule in group["rules"]]


def test_each_kind_of_fault_is_told_before_the_first_one() -> None:
    """A series that begins at 1 has no increase, so the first fault would raise no alarm."""
    told = {sample.labels["where"] for metric in measures.FAILED.collect() for sample in metric.samples}
    code = "".join(path.read_text() for folder in PROGRAM for path in (ROOT / folder).rglob("*.py"))
    counted = set(re.findall(r'FAILED\.labels\("(\w+)"\)', code))
    assert counted
    assert sorted(counted - told) == []


def test_each_alert_is_played_silent_and_fired() -> None:
    """`promtool test rules` runs them: tests/guards/test_deploy_examples.py."""
    rows = [row for test in yaml.safe_load(PLAYED.read_text())["tests"] for row in test["alert_rule_test"]]
    named = {rule["alert"] for rule in alerts()}
    assert {row["alertname"] for row in rows if row.get("exp_alerts")} == named
    assert {row["alertname"] for row in rows if not row.get("exp_alerts")} == named


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
