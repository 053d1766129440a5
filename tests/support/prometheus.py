"""Runs Prometheus with the configuration of deploy/prometheus, and the queries of its alerts and
dashboard."""

import json
import re
import shutil
import time
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

from tests.support.binaries import NoServer
from tests.support.platform import ROOT
from tests.support.servers import Server

FOLDER = ROOT / "deploy" / "prometheus"
RULES, SCRAPE = FOLDER / "helpline.rules.yml", FOLDER / "scrape.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "helpline.json"
_COMPARED = re.compile(r"(==|>=|>) (\d+)$|(==|>=|>) (\d+)(?= and )")


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def questions() -> list[str]:
    """Returns all queries. An alert's comparison returns 0 or 1, so that a silent alert has an answer,
    too."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    drawn = [target["expr"] for panel in panels for target in panel["targets"]]
    return drawn + [_COMPARED.sub(r"\1\3 bool \2\4", rule["expr"]) for rule in alerts()]


def asked(url: str, path: str, **words: str) -> Any:
    """Returns the `data` of an answer of its HTTP API."""
    with urlopen(f"{url}/api/v1/{path}?{urlencode(words)}", timeout=10) as answer:
        return json.load(answer)["data"]


def unanswered(url: str, within: float) -> list[str]:
    """Returns the queries that have no answer after this many seconds."""
    left, until = questions(), time.monotonic() + within
    while left and time.monotonic() < until:
        left = [one for one in left if not asked(url, "query", query=one)["result"]]
        time.sleep(0.2)
    return left


class Prometheus(Server):
    """Scrapes the given `host:port`s each second, and is otherwise configured like the example."""

    def __init__(self, targets: list[str]) -> None:
        super().__init__()
        self.targets = targets

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _prepare(self) -> None:
        if shutil.which("prometheus") is None:
            raise NoServer("Prometheus was not found: install prometheus.")
        shutil.copy(RULES, self.folder)
        (self.folder / "helpline.token").write_text("of a test")
        said = yaml.safe_load(SCRAPE.read_text())
        said["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
        said["scrape_configs"][0]["static_configs"] = [{"targets": self.targets}]
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(said))

    def _command(self) -> list[str]:
        return [
            "prometheus", "--config.file=prometheus.yml", f"--storage.tsdb.path={self.data}",
            f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn",
        ]  # fmt: skip

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/-/ready", timeout=2):
                return True
        except URLError:
            return False
